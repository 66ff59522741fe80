//! Where a PostgreSQL database is and how it is logged in to.
//!
//! Contract: nothing that is shown (`Display`, `Debug`, errors) holds a password or a value of a parameter.

use std::fmt;
use std::str::FromStr;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

/// Parameters of the address that are known, as libpq names them. An unknown one could be a misspelt secret.
const PARAMETERS: [&str; 7] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "application_name",
    "options",
];

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with TLS that checks the server's certificate unless `sslmode` says
/// otherwise or the server is this machine.
#[derive(Clone)]
pub struct PostgresAddress {
    pub(crate) options: PgConnectOptions,
    shown: String,
}

/// Why a text is no address of a PostgreSQL database. It quotes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("it is no address: postgres://USER:PASSWORD@HOST:PORT/DATABASE is expected")]
    NoUrl,
    #[error("it begins with another word than postgres://")]
    Scheme,
    #[error("it names no database: postgres://HOST/DATABASE")]
    NoDatabase,
    #[error(
        "it has a parameter that is not known: there are sslmode, sslrootcert, sslcert, sslkey, host, application_name and options"
    )]
    Parameter,
    #[error("the value of a parameter cannot be read")]
    Value,
}

impl FromStr for PostgresAddress {
    type Err = BadAddress;
    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let url = Url::parse(text.trim()).map_err(|_| BadAddress::NoUrl)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(BadAddress::Scheme);
        }
        let database = url.path().trim_start_matches('/').to_owned();
        if database.is_empty() {
            return Err(BadAddress::NoDatabase);
        }
        if url
            .query_pairs()
            .any(|(name, _)| !PARAMETERS.contains(&&*name))
        {
            return Err(BadAddress::Parameter);
        }
        let mut options = PgConnectOptions::from_url(&url).map_err(|_| BadAddress::Value)?;
        let host = options.get_host().to_owned();
        if !url.query_pairs().any(|(name, _)| name == "sslmode") && !is_this_machine(&host) {
            options = options.ssl_mode(PgSslMode::VerifyFull);
        }
        let shown = format!(
            "postgres://{}@{host}:{}/{database}",
            options.get_username(),
            options.get_port()
        );
        Ok(Self { options, shown })
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host.starts_with('/')
        || host == "localhost"
        || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_no_password_and_no_parameter() {
        let text = "postgres://ann:zyzzyva@db.example:6432/discover?application_name=quokka";
        let address: PostgresAddress = text.parse().unwrap();
        assert_eq!(
            address.to_string(),
            "postgres://ann@db.example:6432/discover"
        );
        assert_eq!(format!("{address:?}"), address.to_string());
        assert!(matches!(
            address.options.get_ssl_mode(),
            PgSslMode::VerifyFull
        ));
        let near: PostgresAddress = "postgres://ann@127.0.0.1/discover".parse().unwrap();
        assert!(matches!(near.options.get_ssl_mode(), PgSslMode::Prefer));
    }

    #[test]
    fn what_is_no_address_is_refused_without_a_word_of_it() {
        for (text, why) in [
            ("zyzzyva", BadAddress::NoUrl),
            (
                "mysql://ann:zyzzyva@db.example/discover",
                BadAddress::Scheme,
            ),
            ("postgres://ann:zyzzyva@db.example", BadAddress::NoDatabase),
            (
                "postgres://db.example/discover?passwort=zyzzyva",
                BadAddress::Parameter,
            ),
            (
                "postgres://db.example/discover?sslmode=zyzzyva",
                BadAddress::Value,
            ),
        ] {
            let error = text.parse::<PostgresAddress>().unwrap_err();
            assert_eq!(error, why);
            assert!(!error.to_string().contains("zyzzyva"));
        }
    }
}
