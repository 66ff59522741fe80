//! Sending what somebody asked to be told: a POST to an address that an analyst named for it.
//!
//! Contract: nothing is fetched and nothing of the answer is used but its status and `Retry-After`, so no consent is
//! needed and no permit taken; the host is no source, so it is not paced. All else is as in a fetch: only encrypted (on
//! loopback, where that is allowed, plainly too), only to global addresses that were checked when they were connected to,
//! no redirect, no cookie, no proxy, our honest name, a limit on the time.

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use url::{Host, Url};

use super::error::{FetchError, classify};
use super::{Fetcher, headers};
use crate::ssrf_guard::{self, Blocked};

/// From the first byte to the head of the answer.
const TIME: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read and thrown away, so that its connection can be used again.
const ANSWER: usize = 4 * 1024;

/// What a receiver said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub status: u16,
    pub retry_after: Option<SignedDuration>,
}

/// Sends. Shares connections and resolver with the fetcher it was made from; clones share them too.
#[derive(Debug, Clone)]
pub struct WebhookClient {
    client: reqwest::Client,
    allow_loopback: bool,
}

impl Fetcher {
    /// Sends what analysts asked to be told, by the same client and resolver.
    pub fn webhook_client(&self) -> WebhookClient {
        WebhookClient::of(self)
    }
}

impl WebhookClient {
    fn of(fetcher: &Fetcher) -> Self {
        Self {
            client: fetcher.client.clone(),
            allow_loopback: fetcher.config.allow_loopback,
        }
    }

    /// Whether anything would be sent there, as far as the address itself tells. A name is resolved, and its addresses
    /// are checked, at each sending.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        ssrf_guard::check_url(url, self.allow_loopback)?;
        let on_loopback = match url.host() {
            Some(Host::Domain(name)) => ssrf_guard::is_localhost(name),
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            None => false,
        };
        // What is on loopback got past the guard only where that is allowed.
        if url.scheme() == "https" || on_loopback {
            Ok(())
        } else {
            Err(Blocked::Unencrypted.into())
        }
    }

    /// Sends JSON with these headers. Any complete answer is `Ok`, whatever its status.
    pub async fn send(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<Receipt, FetchError> {
        self.check(url)?;
        let mut request = self
            .client
            .post(url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in headers {
            let value = HeaderValue::try_from(value)
                .map_err(|error| FetchError::Protocol(error.to_string()))?;
            request = request.header(HeaderName::from_static(name), value);
        }
        let sent = tokio::time::timeout(TIME, request.body(body).send()).await;
        let mut response = sent
            .map_err(|_| FetchError::Timeout(TIME.as_secs()))?
            .map_err(|error| classify(&error))?;
        if let Some(peer) = response.remote_addr() {
            ssrf_guard::check_ip(peer.ip(), self.allow_loopback)
                .map_err(|_| FetchError::WrongPeer(peer.ip()))?;
        }
        let receipt = Receipt {
            status: response.status().as_u16(),
            retry_after: headers::retry_after(response.headers(), now),
        };
        // The answer counts already; a receiver that trickles, or says more than that, loses its connection.
        let _ = tokio::time::timeout(Duration::from_secs(1), async {
            let mut read = 0;
            while read <= ANSWER
                && let Ok(Some(part)) = response.chunk().await
            {
                read += part.len();
            }
        })
        .await;
        Ok(receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::FetchConfig;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn webhook_client(allow_loopback: bool) -> WebhookClient {
        let contact = Url::parse("https://discover.example/bot").expect("url");
        let config = FetchConfig {
            allow_loopback,
            ..FetchConfig::new("Discover/0.1", contact)
        };
        Fetcher::new(config).expect("a fetcher").webhook_client()
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    #[test]
    fn only_encrypted_public_addresses_are_sent_to() {
        let strict = webhook_client(false);
        for text in [
            "http://hooks.example/",
            "http://127.0.0.1/",
            "https://127.0.0.1/",
            "https://[::ffff:169.254.169.254]/",
            "https://10.0.0.1/hook",
            "https://localhost/",
            "https://metadata.google.internal/",
            "https://user:pass@hooks.example/",
            "https://hooks.example:25/",
            "ftp://hooks.example/",
        ] {
            assert!(strict.check(&url(text)).is_err(), "{text}");
        }
        assert!(strict.check(&url("https://hooks.example/a?b=c")).is_ok());
        let test = webhook_client(true);
        assert!(test.check(&url("http://127.0.0.1:8080/")).is_ok());
        assert!(test.check(&url("http://hooks.example/")).is_err());
        assert!(test.check(&url("https://10.0.0.1/")).is_err());
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed_and_what_is_refused_is_not_connected_to() {
        let seen = Arc::<AtomicUsize>::default();
        let (hits, heard) = (Arc::clone(&seen), Arc::<Mutex<Vec<String>>>::default());
        let said = Arc::clone(&heard);
        let app = axum::Router::new().fallback(move |request: axum::extract::Request| {
            hits.fetch_add(1, Ordering::Relaxed);
            let headers = request.headers().clone();
            let name = |name: &str| {
                let value = headers.get(name).and_then(|value| value.to_str().ok());
                value.unwrap_or_default().to_owned()
            };
            said.lock().expect("heard").extend([
                name("user-agent"),
                name("webhook-id"),
                name("cookie"),
                name("referer"),
            ]);
            async {
                (
                    axum::http::StatusCode::TEMPORARY_REDIRECT,
                    [("location", "/elsewhere"), ("retry-after", "120")],
                )
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let to = url(&format!(
            "http://{}/hook",
            listener.local_addr().expect("address")
        ));
        tokio::spawn(async move { axum::serve(listener, app).await });

        let headers = [("webhook-id", "abc".to_owned())];
        let receipt = webhook_client(true)
            .send(&to, &headers, b"{}".to_vec(), NOW)
            .await;
        let expected = Receipt {
            status: 307,
            retry_after: Some(SignedDuration::from_secs(120)),
        };
        assert_eq!(receipt, Ok(expected));
        assert_eq!(
            *heard.lock().expect("heard"),
            [
                "Discover/0.1 (+https://discover.example/bot)",
                "abc",
                "",
                ""
            ]
        );
        let refused = webhook_client(false)
            .send(&to, &headers, b"{}".to_vec(), NOW)
            .await;
        assert!(
            matches!(refused, Err(FetchError::Blocked(_))),
            "{refused:?}"
        );
        assert_eq!(seen.load(Ordering::Relaxed), 1);
    }
}
