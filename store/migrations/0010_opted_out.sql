-- Authors of a network who asked not to be found, known by the network's keyed hash alone. Goes with the network.
CREATE TABLE opted_out (
    network_id BLOB NOT NULL REFERENCES networks (network_id),
    voice BLOB NOT NULL,
    PRIMARY KEY (network_id, voice)
) STRICT, WITHOUT ROWID;
