//! The command line: what can be asked of the binary.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use discover_model::proof::ProofMethod;
use discover_model::{ConversationId, PostId, TopicId};
use discover_store::{KeyScope, Mailbox};
use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;

use crate::mail::MailServer;

/// Finds, connects and shows where public conversations are happening, among networks that asked to be found.
#[derive(Debug, Parser)]
#[command(name = "discover", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// A text that may hold a password: it is shown nowhere, and read only where a mistake in it can be told without it.
#[derive(Clone)]
pub(crate) struct Secret(pub String);

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Settings that every command understands.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Configuration file [default: discover.toml, where there is one]
    #[arg(long, global = true, env = "DISCOVER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder that holds everything Discover keeps [default: data]
    #[arg(long, global = true, env = "DISCOVER_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Database of the store, as postgres://USER:PASSWORD@HOST/DATABASE; better set in the environment or a file
    /// [default: a file in the data folder]
    #[arg(
        long,
        global = true,
        env = "DISCOVER_STORE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub store: Option<Secret>,
    /// Registry file [default: sources.toml]
    #[arg(long, global = true, env = "DISCOVER_SOURCES", value_name = "FILE")]
    pub sources: Option<PathBuf>,
    /// Address and port of the site [default: 127.0.0.1:7070]
    #[arg(long, global = true, env = "DISCOVER_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Address and port of the figures, away from the site [default: none: they are at /metrics of the site]
    #[arg(
        long,
        global = true,
        env = "DISCOVER_METRICS_LISTEN",
        value_name = "ADDR:PORT"
    )]
    pub metrics_listen: Option<SocketAddr>,
    /// Address under which people reach this instance [default: http://LISTEN/]
    #[arg(long, global = true, env = "DISCOVER_BASE_URL", value_name = "URL")]
    pub base_url: Option<Url>,
    /// How site owners reach the operator (an e-mail or web address); without it nothing is crawled
    #[arg(long, global = true, env = "DISCOVER_CONTACT", value_name = "ADDRESS")]
    pub contact: Option<String>,
    /// Mail server that takes alerts, as smtps://USER:PASSWORD@HOST; better set in the environment or the file
    #[arg(
        long,
        global = true,
        env = "DISCOVER_SMTP",
        value_name = "URL",
        hide_env_values = true
    )]
    pub smtp: Option<MailServer>,
    /// Mailbox that alerts by mail come from
    #[arg(
        long,
        global = true,
        env = "DISCOVER_MAIL_FROM",
        value_name = "ADDRESS"
    )]
    pub mail_from: Option<Mailbox>,
    /// The instance's time zone, which decides where a day begins [default: Europe/London]
    #[arg(long, global = true, env = "DISCOVER_TIME_ZONE", value_name = "NAME")]
    pub time_zone: Option<String>,
    /// Folder of a sentence model, to compare across languages [default: none: by words alone]
    #[arg(
        long,
        global = true,
        env = "DISCOVER_MEANING_MODEL",
        value_name = "DIR"
    )]
    pub meaning_model: Option<PathBuf>,
    #[command(flatten)]
    pub test: TestSettings,
}

/// For tests and the demo; they apply to loopback hosts only.
#[derive(Debug, Args)]
pub(crate) struct TestSettings {
    /// Let sources on this machine (127.0.0.0/8 and ::1) be read
    #[arg(long, global = true, help_heading = "For tests")]
    pub allow_loopback: bool,
    /// Seconds between two requests to one host [default: 1]
    #[arg(
        long,
        global = true,
        requires = "allow_loopback",
        value_name = "SECONDS",
        help_heading = "For tests"
    )]
    pub gap: Option<f64>,
    /// Read every source now, due or not
    #[arg(
        long,
        global = true,
        requires = "allow_loopback",
        help_heading = "For tests"
    )]
    pub force_due: bool,
    /// Pretend it is this moment (RFC 3339)
    #[arg(
        long,
        global = true,
        requires = "allow_loopback",
        value_name = "TIME",
        help_heading = "For tests"
    )]
    pub clock: Option<Timestamp>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the whole way on a dozen sample networks, then serve the site
    Demo(DemoArgs),
    /// Crawl, index, map and serve the site
    Serve(ServeArgs),
    /// Crawl what is due and bring index and topics up to date
    Crawl(CrawlArgs),
    /// Search from the command line
    Search(SearchArgs),
    /// Look at the registry
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// Show what would be taken from a file or an address, and what refused; keeps nothing
    Inspect(InspectArgs),
    /// Take personal details out of texts: JSON lines {"text"} in, {"text","spans"} out
    Redact,
    /// Withdraw a network or a part of one: hidden at once, then purged everywhere
    Withdraw(WithdrawArgs),
    /// What the operator does: pause, resume, look, keys, objections
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Check or print the ledger of consent
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Offline notes of a network of that kind
    #[command(subcommand)]
    Notes(NotesCommand),
    /// Packages that were handed on
    #[command(subcommand)]
    Package(PackageCommand),
    /// Prove that every stored post has a valid grant
    Audit,
    /// Make index or graph anew from the store
    #[command(subcommand)]
    Rebuild(RebuildCommand),
    /// The model that compares across languages: whether it works, and its vectors made anew
    #[command(subcommand)]
    Meaning(MeaningCommand),
    /// Check this machine, the data folder and the configuration
    Doctor,
    /// Write a consistent copy of the store
    Backup {
        /// Folder to write; must not exist
        folder: PathBuf,
    },
    /// Put a backup in place of an empty data folder; the ledger is replayed first
    Restore {
        /// Folder written by `discover backup`
        folder: PathBuf,
        /// A newer ledger, as printed by `discover ledger export`, whose withdrawals are honoured
        #[arg(long, value_name = "FILE")]
        ledger: Option<PathBuf>,
    },
    /// Print the OpenAPI document
    Openapi,
    /// Write the man pages and the completions of shells, made from this very table
    #[command(hide = true)]
    Manual {
        /// Folder to write into: `man1/` and `completions/`
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Crawl the sample networks once, print what came of it, and end
    #[arg(long)]
    pub once: bool,
    /// Print the counts as JSON (with --once)
    #[arg(long, requires = "once")]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Serve only; crawl nothing
    #[arg(long)]
    pub no_crawl: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CrawlArgs {
    /// One round over all sources that are due, then end
    #[arg(long, required = true)]
    pub once: bool,
    /// Print the outcome as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// The query, for example: "blood tests" lang:en last:30d
    #[arg(required = true)]
    pub query: Vec<String>,
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    #[arg(long, value_enum, default_value_t = SortArg::Relevance)]
    pub sort: SortArg,
    /// Print the answer as JSON, as the API gives it
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SortArg {
    Relevance,
    Newest,
    Oldest,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// Read the registry file and print every mistake in it
    Check,
    /// List networks and sources, with their state
    List {
        #[arg(long)]
        json: bool,
    },
    /// Bring the store in line with the registry file: what left it is read no more, and its posts stay until they expire
    Sync {
        /// Say what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
        /// Erase the posts of sources that left the file; of a network that left as a whole only if it is named here
        #[arg(long, num_args = 0.., value_name = "NETWORK")]
        prune: Option<Vec<String>>,
    },
    /// Find the sources of a site and show what would be kept of it, and what refused; keeps nothing
    Preview {
        /// The site's home page, a feed, or the address of a declared source
        url: Url,
        #[arg(long)]
        json: bool,
    },
    /// Register a site step by step: what to place as proof, then a preview, then, with --agreed, the grant; or make a
    /// network of offline notes (--kind notes), whose consent you have seen on paper
    Add(Box<AddArgs>),
    /// Renew the consent of a network of notes by a new document, for 400 days at most
    Renew {
        /// The network's slug
        network: String,
        /// The signed consent that you have seen; its hash goes into the ledger, the file stays with you
        #[arg(long, value_name = "FILE")]
        document: PathBuf,
        /// The last day that the document is good for, for example 2027-06-30 [default: in 400 days]
        #[arg(long, value_name = "DAY")]
        until: Option<jiff::civil::Date>,
    },
    /// Print the token that proves consent of a network for an origin, or for a folder of it (https://host/~name/)
    Token {
        /// The network's slug
        network: String,
        /// For example https://forum.example.org
        origin: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The site: a forum, a blog, a feed or a social account
    #[arg(required_unless_present = "kind", conflicts_with = "kind")]
    pub url: Option<Url>,
    /// A network without a site: offline notes (minutes, flip charts, phone summaries) that its owner uploads
    #[arg(long, value_parser = ["notes"], requires = "document", value_name = "KIND")]
    pub kind: Option<String>,
    /// With --kind notes: the signed consent that you have seen; its hash goes into the ledger, the file stays with you
    #[arg(long, requires = "kind", value_name = "FILE")]
    pub document: Option<PathBuf>,
    /// With --kind notes: the last day that the document is good for, for example 2027-06-30 [default: in 400 days]
    #[arg(long, requires = "kind", value_name = "DAY")]
    pub until: Option<jiff::civil::Date>,
    /// With --kind notes: the language that most of it is in, for example cy
    #[arg(long, requires = "kind", value_name = "TAG")]
    pub language: Option<String>,
    /// Short name, for addresses
    #[arg(long)]
    pub slug: String,
    /// The network's name, as it is shown
    #[arg(long)]
    pub name: String,
    /// The organisation that owns it; shown publicly
    #[arg(long)]
    pub owner: String,
    /// How the operator reaches the owner; never shown
    #[arg(long = "owner-contact", value_name = "ADDRESS")]
    pub owner_contact: Option<String>,
    /// Where the proof stands: well-known, dns-txt or meta
    #[arg(
        long,
        default_value = "well-known",
        conflicts_with = "kind",
        value_name = "METHOD"
    )]
    pub proof: ProofMethod,
    /// Days a post is kept
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=1095), value_name = "N")]
    pub days: u16,
    /// The site is of a sensitive kind (child, self-harm or refuge): titles and links alone are kept
    #[arg(long, value_parser = ["child", "self-harm", "refuge"], conflicts_with = "kind", value_name = "KIND")]
    pub sensitive: Option<String>,
    /// Whether titles and links alone are kept, as the owner decides
    #[arg(long, conflicts_with = "kind", value_name = "true|false")]
    pub link_only: Option<bool>,
    /// An area that the network serves, as "council: NAME", "ward: NAME" or "health-board: NAME"; repeat it for several
    #[arg(long = "area", value_name = "KIND: NAME")]
    pub areas: Vec<discover_model::Area>,
    /// A source that was found and may be read; repeat it for several [default: the best]
    #[arg(long = "source", conflicts_with = "kind", value_name = "URL")]
    pub chosen: Vec<Url>,
    /// The owner saw the preview, told the members, and agrees: go live
    #[arg(long)]
    pub agreed: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A file or an http(s) address
    pub target: String,
    /// Address the file came from, for resolving links
    #[arg(long, value_name = "URL")]
    pub base: Option<Url>,
    /// A response header the file came with, as 'Name: value'
    #[arg(long = "header", value_name = "HEADER")]
    pub headers: Vec<String>,
    /// How far to go: as parsed, or as it would be kept
    #[arg(long, value_enum, default_value_t = Stage::Admitted)]
    pub stage: Stage,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    Parsed,
    Admitted,
}

#[derive(Debug, Args)]
pub(crate) struct WithdrawArgs {
    /// The network's slug
    pub network: String,
    #[command(flatten)]
    pub part: PartArgs,
    /// Hide now, purge later
    #[arg(long)]
    pub no_purge: bool,
}

/// Only a part of the network.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct PartArgs {
    /// Only this source
    #[arg(long, value_name = "URL")]
    pub source: Option<Url>,
    /// Only what lies under this address
    #[arg(long, value_name = "URL")]
    pub path: Option<Url>,
    /// Only this conversation
    #[arg(long, value_name = "ID")]
    pub conversation: Option<ConversationId>,
    /// Only this post
    #[arg(long, value_name = "ID")]
    pub post: Option<PostId>,
}

/// What the operator does on the host.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Hide a network and stop reading it, until it is resumed; nothing is deleted
    Pause {
        /// The network's slug
        network: String,
    },
    /// Take a paused network up again
    Resume {
        /// The network's slug
        network: String,
    },
    /// Look at a network's proofs now
    Look {
        /// The network's slug
        network: String,
    },
    /// Give a network's owner a new key for the owner's home; the old one ends
    OwnerKey {
        /// The network's slug
        network: String,
    },
    /// Let an expiry go on that waits because it looked like a jump of the clock
    Expire {
        /// The clock is right: what is past its network's retention goes now
        #[arg(long, required = true)]
        confirm: bool,
    },
    /// Carry out withdrawals that are hidden and wait for the store
    Withdrawals {
        /// Move lines of withdrawals.pending that a disk has damaged into withdrawals.damaged first, while nothing serves
        #[arg(long)]
        set_aside: bool,
    },
    /// Sites that readers miss here, most missed first; nothing of them is read
    Missing {
        /// Print a letter to the owner of this one
        #[arg(long, value_name = "HOST")]
        letter: Option<String>,
        #[arg(long, conflicts_with = "letter")]
        json: bool,
    },
    /// Objections to posts
    #[command(subcommand)]
    Objections(ObjectionsCommand),
    /// Keys of analysts, and of bodies that write answers
    #[command(subcommand)]
    Key(KeyCommand),
    /// Answers to topics
    #[command(subcommand)]
    Answer(AnswerCommand),
    /// The operator's notes on days of topics
    #[command(subcommand)]
    Annotation(AnnotationCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AnnotationCommand {
    /// Write a note on a day of a topic, in the operator's name, in the place of one of that day
    Add {
        /// The topic's id
        topic: TopicId,
        /// One line of at most 200 characters; personal details are taken out
        #[arg(long, value_name = "WORDS")]
        text: String,
        /// The day that it is about [default: today]
        #[arg(long, value_name = "DAY")]
        day: Option<Date>,
    },
    /// List the operator's notes
    List {
        #[arg(long)]
        json: bool,
    },
    /// Take a note away
    Remove {
        /// Its number, as the list shows it
        number: u64,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AnswerCommand {
    /// Erase the text of an entry, for good; the entry, its day and its hash stay, with the reason
    Erase {
        /// The entry's number, as its page shows it
        number: u64,
        /// Why, in a few words that follow "because"; shown publicly
        #[arg(long, value_name = "WORDS")]
        because: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key and print it, this once; holder and purpose are shown on the transparency page
    Add {
        /// The organisation that holds the key
        #[arg(long)]
        holder: String,
        /// What it is used for, in a sentence
        #[arg(long)]
        purpose: String,
        /// What it opens: search:read, graph:read, export:read, follow:write, answer:write; repeat it for several
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<KeyScope>,
        /// Requests a minute
        #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=60_000), value_name = "N")]
        per_minute: u32,
        /// Days until it ends
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=365), value_name = "N")]
        days: u16,
    },
    /// List all keys, without their secrets
    List {
        #[arg(long)]
        json: bool,
    },
    /// End a key for good
    Revoke {
        /// The key's id: the eight characters behind disc_
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ObjectionsCommand {
    /// List those that wait for a decision, oldest first
    List {
        #[arg(long)]
        json: bool,
    },
    /// Take the post out for good
    Uphold {
        /// The objection's id
        id: String,
    },
    /// Show the post again
    Dismiss {
        /// The objection's id
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Check the whole chain, its head and all signed heads
    Verify {
        /// A file of signed heads that somebody kept, as `discover ledger heads` or the transparency page gives them
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
    },
    /// Print every entry as a JSON line
    Export,
    /// Print the signed heads as JSON lines, latest first: keep copies elsewhere
    Heads,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NotesCommand {
    /// Show what would be kept of a text, and with --agreed keep it: text or Markdown, one item a heading
    Add {
        /// The text, in UTF-8; of 64 KiB and 200 items at most
        file: PathBuf,
        /// The network's slug
        #[arg(long)]
        network: String,
        /// The key of the network's owner; better set in the environment
        #[arg(
            long,
            env = "DISCOVER_OWNER_KEY",
            hide_env_values = true,
            value_name = "KEY"
        )]
        owner_key: String,
        /// The day that all of it was said on, for example 2026-11-20
        #[arg(long, value_name = "DAY")]
        on: Option<jiff::civil::Date>,
        /// The owner saw the preview and agrees: keep it
        #[arg(long)]
        agreed: bool,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackageCommand {
    /// Check that an archive is as it was signed: the manifest, and every file that it names
    Verify {
        /// The archive, `package.zip` as it was downloaded
        file: PathBuf,
        /// The instance's public key, as /api/v1/ledger/heads gives it [default: the one that the package names]
        #[arg(long, value_name = "HEX")]
        key: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum MeaningCommand {
    /// Load the model, let it read samples in six languages, and say how much of what is held it has read
    Check,
    /// Forget all vectors and let the model read everything anew
    Rebuild,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum RebuildCommand {
    /// The full-text index
    Index,
    /// Relations and topics
    Graph,
}
