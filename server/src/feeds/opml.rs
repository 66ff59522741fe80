//! OPML of the networks, and the OpenSearch description.

use super::entries::absolute;
use super::xml::{element, escape};
use crate::state::View;

/// Every network with the address of its feed here.
pub(super) fn networks(view: &View) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n<head>");
    element(
        &mut out,
        "title",
        &format!("Networks: {}", view.state.config().instance_name),
    );
    out.push_str("</head>\n<body>\n");
    for network in view.networks() {
        let feed = absolute(view, &format!("/networks/{}/atom", network.slug));
        let page = absolute(view, &format!("/networks/{}", network.slug));
        out.push_str("<outline type=\"rss\" text=\"");
        out.push_str(&escape(&network.name));
        out.push_str("\" xmlUrl=\"");
        out.push_str(&escape(&feed));
        out.push_str("\" htmlUrl=\"");
        out.push_str(&escape(&page));
        out.push_str("\"/>\n");
    }
    out.push_str("</body>\n</opml>\n");
    out
}

/// Lets a browser search here.
pub(super) fn opensearch(view: &View) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n",
    );
    // At most 16 characters by the specification.
    let name: String = view.state.config().instance_name.chars().take(16).collect();
    element(&mut out, "ShortName", &name);
    let branding = view.state.branding();
    let what = branding.tag_line.as_deref();
    element(
        &mut out,
        "Description",
        what.unwrap_or("Finds public conversations on sites that asked to be found"),
    );
    out.push('\n');
    let icon = branding.icon();
    out.push_str("<Image type=\"");
    out.push_str(icon.media);
    out.push_str("\">");
    out.push_str(&escape(&absolute(view, &icon.href)));
    out.push_str("</Image>\n");
    for (media, path) in [
        ("text/html", "/search?q={searchTerms}"),
        ("application/atom+xml", "/search.atom?q={searchTerms}"),
    ] {
        out.push_str("<Url type=\"");
        out.push_str(media);
        out.push_str("\" template=\"");
        out.push_str(&escape(&absolute(view, path)));
        out.push_str("\"/>\n");
    }
    out.push_str("<InputEncoding>UTF-8</InputEncoding>\n</OpenSearchDescription>\n");
    out
}
