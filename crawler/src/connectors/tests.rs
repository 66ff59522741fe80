//! The smaller connectors, each against a loopback server that speaks its interface.
