//! WordPress: posts and threaded comments over its data interface.

use super::{House, Server};

/// Takes things back, as an editor would: one post becomes private, one gets a password, one comment is trashed.
const TAKE_BACK: &str = r#"<?php
$_SERVER['HTTP_HOST']='127.0.0.1'; $_SERVER['SERVER_PROTOCOL']='HTTP/1.1'; $_SERVER['REQUEST_METHOD']='GET';
require $argv[1].'/wp-load.php';
$undo = ($argv[2] ?? '') === 'undo';
$post = fn($n) => get_page_by_title("Bus route consultation $n", OBJECT, 'post')->ID;
wp_update_post(['ID' => $post(3), 'post_status' => $undo ? 'publish' : 'private']);
wp_update_post(['ID' => $post(4), 'post_password' => $undo ? '' : 'x']);
$comments = get_comments(['post_id' => $post(5), 'status' => $undo ? 'trash' : 'approve', 'orderby' => 'comment_ID']);
foreach ($comments as $comment)
  if (str_contains($comment->comment_content, 'Reply to Amina'))
    $undo ? wp_untrash_comment($comment) : wp_trash_comment($comment);
"#;

#[test]
fn a_real_wordpress_gives_posts_and_comments_and_takes_them_back() {
    let Some(server) = Server::find("wordpress", "mariadbd") else {
        return;
    };
    let house = House::on_paper("square", "");
    house.declare(
        "square",
        &format!(
            "proof = \"well-known\"\n[[network.source]]\nkind = \"wordpress\"\nurl = \"{}/\"\ncomments = true",
            server.url
        ),
    );
    let (data, registry) = (house.world.data(), house.world.registry());
    let token = crate::support::binary::succeed(&[
        "--data",
        data.to_str().expect("a path"),
        "--sources",
        registry.to_str().expect("a path"),
        "sources",
        "token",
        "square",
        &server.url,
    ]);
    let folder = server.dir.join("www/.well-known");
    std::fs::create_dir_all(&folder).expect("a folder");
    let consent = format!(
        "{{\"discover\":1,\"token\":\"{}\",\"scope\":[\"{}/\"],\"members_told\":true}}",
        token.trim(),
        server.url
    );
    std::fs::write(folder.join("discover-consent.json"), consent).expect("the consent is written");

    // A date of the very second of reading is taken for none.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let first = house.crawl();
    // Twelve posts with two comments each, one of them a reply; and the post and comment that WordPress brings.
    assert_eq!(house.tally(), (13, 38, 25), "{first}");
    assert_eq!(first["failed"], 0, "{first}");
    assert_eq!(first["refused"]["password"], 1, "{first}");
    let second = house.crawl();
    assert_eq!(
        (&second["stored"], &second["updated"], &second["removed"]),
        (&0.into(), &0.into(), &0.into()),
        "{second}"
    );
    assert!(second["not_modified"].as_u64() >= Some(2), "{second}");
    house.expect_clean("square", "proposal");

    let script = server.dir.join("take-back.php");
    std::fs::write(&script, TAKE_BACK).expect("the script is written");
    let script = script.to_str().expect("a path");
    server.run("php", &[script, "www"]);
    let later = house.crawl_in_eight_days();
    // Two posts with two comments each, and one comment.
    assert_eq!(house.tally(), (11, 31, 20), "{later}");
    assert_eq!(later["removed"], 7, "{later}");
    // What the visit's lists named needs no look: the post that is private now, four comments, and one in the trash.
    assert_eq!(later["rechecked"], 6, "{later}");
    // Published again: the next visit shows the posts with their comments. WordPress's validators count whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    server.run("php", &[script, "www", "undo"]);
    let again = house.crawl_in(10 * 24);
    assert_eq!(house.tally(), (13, 37, 24), "{again}");
    // No feed tells of a comment that leaves the trash; every three days the newest are asked for anyhow.
    let at_last = house.crawl_in(14 * 24);
    assert_eq!(house.tally(), (13, 38, 25), "{at_last}");
}
