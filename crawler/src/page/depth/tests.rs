//! Pages as people write them, and as nobody should.

use super::*;

#[test]
fn what_people_write_has_its_real_depth() {
    for (page, most) in [
        (
            "<ul>".to_owned() + &"<li><a href=x>one</a><p>two".repeat(2000) + "</ul>",
            4,
        ),
        (
            "<table>".to_owned() + &"<tr><td>a<td><p>b".repeat(2000) + "</table>",
            5,
        ),
        ("<p>one<br><b>two</b>".repeat(2000), 3),
        ("<div><p>one</div>".repeat(2000), 2),
        (
            "<svg><title>x</title><g><path d='m0 0'/><use href='#a'/></g></svg>".repeat(2000),
            3,
        ),
        ("<svg><path d='m0 0'></svg>".repeat(2000), 2),
        (
            "<script>if (a<b) document.write('<div>')</script>".repeat(2000),
            0,
        ),
        (
            "<!-- <div> --><noscript><img></noscript><a title='<b>'>x</a>".repeat(2000),
            1,
        ),
        ("<select><option>1<option>2</select>".repeat(2000), 2),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>".repeat(2000), 3),
        ("<div>".repeat(40) + &"</div>".repeat(40), 40),
    ] {
        assert!(
            of(&page) <= most,
            "{}: {}",
            &page[..60.min(page.len())],
            of(&page)
        );
    }
}

#[test]
fn whatever_hides_an_open_element_does_not_hide_a_pit_of_them() {
    let pit = "<div>".repeat(600);
    for page in [
        "<div/>".repeat(600),
        "<div></x>".repeat(600),
        "<div></b>".repeat(600),
        format!("<svg><b></b>{}", "<path/>".repeat(600)),
        format!("<svg><desc>{}", "<path/>".repeat(600)),
        "<svg><div/></svg>".repeat(600),
        format!("<svg><style>{}</style></svg>", "<g>".repeat(600)),
        format!("<svg>{}</svg>", "<g a=b/>".repeat(600)),
        format!("<x a=b=\">{pit}\">"),
        format!("<x =\">{pit}\">"),
        format!("<!-- --!>{pit}-->"),
        format!("<!-->{pit}-->"),
        format!("<noscript><!--</noscript>{pit}-->"),
        format!("<select><xmp></select>{pit}</xmp>"),
        format!("<object>{pit}</object>"),
        format!("<template>{pit}</template>"),
        format!("<frameset><style>{}</style>", "<frameset>".repeat(600)),
        "<ul><b></ul>".repeat(600),
        format!("<{0}></{0}y>", "x".repeat(40)).repeat(600),
    ] {
        assert!(of(&page) > 512, "{}: {}", &page[..40], of(&page));
    }
}

/// The depth of the tree that is built.
fn built(html: &str) -> usize {
    let tree = scraper::Html::parse_document(html);
    let mut depth = std::collections::HashMap::new();
    let mut deepest = 0;
    for node in tree.tree.nodes() {
        let own = node
            .parent()
            .and_then(|parent| depth.get(&parent.id()))
            .map_or(0, |depth| depth + 1);
        depth.insert(node.id(), own);
        deepest = deepest.max(own);
    }
    deepest
}

#[test]
fn no_mix_of_tags_builds_a_tree_many_times_deeper_than_was_said() {
    const PIECES: [&str; 58] = [
        "<div>",
        "</div>",
        "<div/>",
        "<p>",
        "</p>",
        "<li>",
        "</li>",
        "<ul>",
        "</ul>",
        "<dl>",
        "<dd>",
        "<dt>",
        "</dd>",
        "</dl>",
        "<b>",
        "</b>",
        "<font size=1>",
        "</font>",
        "<span>",
        "</span>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<select>",
        "</select>",
        "<option>",
        "<svg>",
        "</svg>",
        "<path/>",
        "<g>",
        "</g>",
        "<title>",
        "</title>",
        "<desc>",
        "</desc>",
        "<style>",
        "</style>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<a>",
        "</a>",
        "<button>",
        "</button>",
        "<h1>",
        "<h2>",
        "</h1>",
        "<form>",
        "</form>",
        "<math>",
        "<mi>",
        "<br>",
        "<x a='",
        "'>",
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap_or_default()
    };
    for round in 0..120 {
        // Few pieces, so that the same trick comes again and again.
        let few: Vec<&str> = (0..3 + round % 9)
            .map(|_| PIECES[next(PIECES.len())])
            .collect();
        let html: String = (0..800).map(|_| few[next(few.len())]).collect();
        let (said, is) = (of(&html), built(&html));
        assert!(is <= said * 4 + 8, "said {said}, is {is}: {few:?}");
        // The same row of tags over and over.
        let html = few.concat().repeat(800 / few.len());
        let (said, is) = (of(&html), built(&html));
        assert!(is <= said * 4 + 8, "said {said}, is {is}: {few:?}");
    }
}
