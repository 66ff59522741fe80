//! An AT Protocol data server, on demand: `DISCOVER_TEST_ATPROTO` set, and its packages installed with the script's
//! `install` verb into the folder that the variable names.

use std::path::PathBuf;

use super::{House, Server, free_port};

#[test]
fn a_real_data_server_gives_posts_and_replies_and_honours_the_opt_out() {
    let Some(dir) = std::env::var_os("DISCOVER_TEST_ATPROTO").map(PathBuf::from) else {
        crate::support::skip::skip("DISCOVER_TEST_ATPROTO names no folder");
        return;
    };
    let rig = std::env::var_os("DISCOVER_TEST_RIG").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/rig"),
        PathBuf::from,
    );
    let port = free_port().to_string();
    for old in ["data", "blobs"] {
        // Left by an earlier run, or never there.
        let _ = std::fs::remove_dir_all(dir.join(old));
    }
    let server = Server {
        url: format!("http://127.0.0.1:{port}"),
        port,
        dir,
        script: rig.join("atproto-pds.sh"),
        own: tempfile::TempDir::new().ok(),
    };
    server.rig("start");
    server.rig("seed");
    let house = House::on_paper(
        "greening",
        &format!(
            "[[network.source]]\nkind = \"atproto\"\nurl = \"{}/\"\naccounts = [\"amina.test\", \"bob.test\", \"cara-hidden.test\"]",
            server.url
        ),
    );
    let first = house.crawl();
    assert_eq!(house.tally(), (10, 30, 20), "{first}");
    let second = house.crawl();
    assert_eq!(second["stored"], 0, "{second}");
    house.expect_clean("greening", "planting");

    let script = server.dir.join("take-back.mjs");
    std::fs::write(&script, TAKE_BACK).expect("the script is written");
    server.run("node", &["take-back.mjs", &server.url]);
    let later = house.crawl_in_eight_days();
    assert_eq!(later["removed"], 1, "{later}");
    assert_eq!(house.tally(), (10, 29, 18), "{later}");
}

/// Bob deletes his first reply.
const TAKE_BACK: &str = r"
const U = process.argv[2];
const x = async (m, b, t) => (await fetch(`${U}/xrpc/${m}`, { method: 'POST', headers: { 'content-type': 'application/json', ...(t ? { authorization: 'Bearer ' + t } : {}) }, body: JSON.stringify(b) })).json();
const bob = await x('com.atproto.server.createSession', { identifier: 'bob.test', password: 'rig-pass-bob' });
const list = await (await fetch(`${U}/xrpc/com.atproto.repo.listRecords?repo=${bob.did}&collection=app.bsky.feed.post&reverse=true`)).json();
await x('com.atproto.repo.deleteRecord', { repo: bob.did, collection: 'app.bsky.feed.post', rkey: list.records[0].uri.split('/').pop() }, bob.accessJwt);
";
