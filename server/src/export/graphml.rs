//! The public graph as GraphML (http://graphml.graphdrawing.org/specification.html).

use std::fmt::Write;

use crate::feeds::xml::escape;
use crate::shapes::PublicGraph;

pub(crate) const MEDIA: &str = "application/graphml+xml; charset=utf-8";

/// What nodes and edges carry: id, on what, name, type.
const KEYS: [(&str, &str, &str, &str); 13] = [
    ("kind", "node", "kind", "string"),
    ("label", "node", "label", "string"),
    ("level", "node", "level", "int"),
    ("conversations", "node", "conversations", "int"),
    ("networks", "node", "networks", "int"),
    ("effective", "node", "effective_networks", "double"),
    ("born", "node", "born", "string"),
    ("last", "node", "last_active", "string"),
    ("coordinated", "node", "coordinated", "boolean"),
    ("x", "node", "x", "double"),
    ("y", "node", "y", "double"),
    ("relation", "edge", "relation", "string"),
    ("weight", "edge", "weight", "double"),
];

/// Topics and networks are nodes; `related`, `within` and `takes_part` are edges.
pub(crate) fn write(graph: &PublicGraph) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, on, name, kind) in KEYS {
        let _ = writeln!(
            out,
            "<key id=\"{id}\" for=\"{on}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>"
        );
    }
    out.push_str("<graph id=\"topics\" edgedefault=\"undirected\">\n");
    for network in &graph.networks {
        open(&mut out, &format!("network:{}", network.slug));
        data(&mut out, "kind", "network");
        data(&mut out, "label", &network.name);
        out.push_str("</node>\n");
    }
    for topic in &graph.topics {
        open(&mut out, &format!("topic:{}", topic.id));
        data(&mut out, "kind", "topic");
        data(&mut out, "label", &topic.label);
        data(&mut out, "level", &topic.level.to_string());
        data(&mut out, "conversations", &topic.conversations.to_string());
        data(&mut out, "networks", &topic.networks.len().to_string());
        data(&mut out, "effective", &topic.effective_networks.to_string());
        data(&mut out, "born", &topic.born.to_string());
        data(&mut out, "last", &topic.last_active.to_string());
        data(&mut out, "coordinated", &topic.coordinated.to_string());
        if let (Some(x), Some(y)) = (topic.x, topic.y) {
            data(&mut out, "x", &x.to_string());
            data(&mut out, "y", &y.to_string());
        }
        out.push_str("</node>\n");
    }
    for topic in &graph.topics {
        let from = format!("topic:{}", topic.id);
        if let Some(parent) = topic.parent {
            edge(&mut out, &from, &format!("topic:{parent}"), "within", None);
        }
        for network in &topic.networks {
            let network = format!("network:{network}");
            edge(&mut out, &network, &from, "takes_part", None);
        }
    }
    for link in &graph.links {
        let (a, b) = (format!("topic:{}", link.a), format!("topic:{}", link.b));
        edge(&mut out, &a, &b, "related", Some(link.weight));
    }
    out.push_str("</graph>\n</graphml>\n");
    out
}

fn open(out: &mut String, id: &str) {
    let _ = write!(out, "<node id=\"{}\">", escape(id));
}

fn data(out: &mut String, key: &str, value: &str) {
    let _ = write!(out, "<data key=\"{key}\">{}</data>", escape(value));
}

fn edge(out: &mut String, from: &str, to: &str, relation: &str, weight: Option<f64>) {
    let (from, to) = (escape(from), escape(to));
    let directed = relation != "related";
    let _ = write!(
        out,
        "<edge source=\"{from}\" target=\"{to}\" directed=\"{directed}\">"
    );
    data(out, "relation", relation);
    if let Some(weight) = weight {
        data(out, "weight", &weight.to_string());
    }
    out.push_str("</edge>\n");
}
