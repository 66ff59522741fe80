//! WordPress: posts and threaded comments over its data interface; and the box in one of its pages.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use super::{House, Server};
use crate::support::binary::{self, Serving};
use crate::support::networks::World;
use crate::support::site;

/// In CI both tests change the same site.
static TURN: Mutex<()> = Mutex::new(());

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
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
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

/// The first recipe of docs/box.md, for this instance and network.
fn recipe(base: &str, network: &str) -> String {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/box.md");
    let docs = std::fs::read_to_string(docs).expect("the docs of the box");
    let code = docs
        .split("```php\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let code = code.expect("a recipe in PHP");
    assert!(code.contains("https://DISCOVER/") && code.contains("YOUR-SLUG"));
    code.replace("https://DISCOVER", base)
        .replace("YOUR-SLUG", network)
}

/// Puts the shortcode into a post and a plain theme in front of it (the package brings none), or takes both out again; prints
/// the post's address. Whichever it does, what the recipe keeps is forgotten.
const PLACE: &str = r#"<?php
$_SERVER['HTTP_HOST']='127.0.0.1'; $_SERVER['SERVER_PROTOCOL']='HTTP/1.1'; $_SERVER['REQUEST_METHOD']='GET';
require $argv[1].'/wp-load.php';
global $wpdb;
$out = ($argv[2] ?? '') === 'out';
$theme = get_theme_root() . '/plain';
wp_mkdir_p($theme);
file_put_contents("$theme/style.css", "/* Theme Name: Plain */");
file_put_contents("$theme/index.php", '<!doctype html><title>Plain</title><?php wp_head(); while (have_posts()) { the_post(); the_content(); } wp_footer();');
if (get_option('template') !== 'plain') update_option('before_plain', get_option('template'));
foreach (['template', 'stylesheet'] as $name) update_option($name, $out ? get_option('before_plain') : 'plain');
$post = get_page_by_title('Bus route consultation 2', OBJECT, 'post');
$text = str_replace('[also]', '', $post->post_content) . ($out ? '' : '[also]');
$wpdb->update($wpdb->posts, ['post_content' => $text], ['ID' => $post->ID]);
$wpdb->query("DELETE FROM $wpdb->options WHERE option_name LIKE '%transient%also\_%'");
echo get_permalink($post->ID);
"#;

#[test]
fn the_box_stands_in_a_page_of_a_real_wordpress_that_fetches_it_and_loses_what_is_withdrawn() {
    let Some(server) = Server::find("wordpress", "mariadbd") else {
        return;
    };
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut world = World::new();
    let others = ["night-riders", "cycle-club", "ward-watch"];
    for (number, slug) in others.into_iter().enumerate() {
        let base = world.sites.origin(number);
        let items: Vec<String> = (1..5)
            .map(|n| {
                format!(
                    "<item><guid>{slug}-{n}</guid><link>{base}/p/{n}</link><title>Bus route consultation {n}, says {slug}</title>\
                     <description>At {slug} we read of the public meeting {n} about the night bus and cycle lanes, and shall go.</description></item>"
                )
            })
            .collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>{slug}</title><link>{base}/</link>{}</channel></rss>",
            items.concat()
        );
        world
            .sites
            .put(number, "/feed", "application/rss+xml", feed);
        world.declare(number, slug, &format!("The {slug} people"), "feed", "/feed");
    }
    for (number, slug) in others.into_iter().enumerate() {
        world.consent(number, slug);
    }
    let mut registry = std::fs::read_to_string(world.registry()).expect("the registry");
    let _ = write!(
        registry,
        "[[network]]\nslug = \"square\"\nname = \"Town Square\"\nowner = \"Town\"\n{}[[network.source]]\nkind = \"wordpress\"\nurl = \"{}/\"\n",
        world.proof_on_paper(),
        server.url
    );
    std::fs::write(world.registry(), registry).expect("the registry is written");
    world.crawl();

    let data = world.data();
    let serving = Serving::start(&data, &["serve", "--no-crawl"]);
    let plugins = server.dir.join("www/wp-content/mu-plugins");
    std::fs::create_dir_all(&plugins).expect("a folder");
    let plugin = plugins.join("also.php");
    std::fs::write(&plugin, recipe(&serving.base, "square")).expect("the recipe is written");
    let script = server.dir.join("place.php");
    std::fs::write(&script, PLACE).expect("the script is written");
    let script = script.to_str().expect("a path");
    let address = server.run("php", &[script, "www"]).trim().to_owned();
    let asked = url::form_urlencoded::byte_serialize(address.as_bytes()).collect::<String>();
    let found = serving.json(&format!("/api/v1/elsewhere?not=square&url={asked}"));
    let rows = found["items"].as_array().expect("rows").clone();
    assert_eq!(rows.len(), 3, "{found}");
    let (status, page) = site::get(&address);
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("Also being talked about at") && !page.contains("[also]"),
        "{page}"
    );
    for row in &rows {
        for part in [&row["title"], &row["url"], &row["network"]["name"]] {
            let part = part.as_str().expect("a text");
            assert!(page.contains(part), "{part} is missing in {page}");
        }
    }

    // It is withdrawn, and gone from the page with the next fetch.
    let gone = rows[0]["network"]["slug"].as_str().expect("a slug");
    binary::succeed(&["--data", data.to_str().expect("a path"), "withdraw", gone]);
    server.run("php", &[script, "www"]);
    let (_, page) = site::get(&address);
    assert!(
        page.contains("Also being talked about at") && !page.contains(gone),
        "{page}"
    );

    std::fs::remove_file(&plugin).expect("the recipe goes");
    server.run("php", &[script, "www", "out"]);
    assert!(!site::get(&address).1.contains("Also being talked about"));
}
