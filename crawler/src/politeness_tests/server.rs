//! The server: a server on loopback that plays every source and lets the referee see every request.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::answers::{self, Answer, BEHAVIOURS, Behaviour, START};
use super::rules::{Asked, Referee};
use crate::clock::Clock;

/// A source on the server.
#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) n: usize,
    pub(super) behaviour: Behaviour,
    pub(super) host: String,
    pub(super) address: IpAddr,
}

/// `count` sources: most on a site of their own, some forty on one host, forty on names of one domain, forty on one
/// address.
pub(super) fn cast(count: usize) -> Vec<Role> {
    let own = |n: usize| Ipv4Addr::new(127, 1, (n / 200) as u8, (1 + n % 200) as u8);
    (0..count)
        .map(|n| {
            let behaviour = BEHAVIOURS[n % BEHAVIOURS.len()];
            // Those whose answers speak for the whole host play alone, so that what it says holds for one source.
            let alone = matches!(
                behaviour,
                Behaviour::RobotsNo
                    | Behaviour::RobotsBroken
                    | Behaviour::CrawlDelay
                    | Behaviour::RetryMonth
            );
            let group = if alone { 0 } else { n % 12 };
            let (host, address) = match group {
                1 => ("www.large.test".to_owned(), Ipv4Addr::new(127, 2, 0, 1)),
                2 => (format!("u{n}.many.test"), own(n)),
                3 => (format!("www.site{n}.test"), Ipv4Addr::new(127, 2, 0, 3)),
                _ => (format!("www.site{n}.test"), own(n)),
            };
            Role {
                n,
                behaviour,
                host,
                address: address.into(),
            }
        })
        .collect()
}

/// See the module's documentation.
#[derive(Debug, Clone)]
pub(super) struct TestServer {
    pub(super) port: u16,
    pub(super) clock: Clock,
    pub(super) referee: Arc<Mutex<Referee>>,
}

impl TestServer {
    pub(super) async fn set(roles: &[Role]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))
            .await
            .expect("port");
        let port = listener.local_addr().expect("address").port();
        let server = Self {
            port,
            clock: Clock::moved(),
            referee: Arc::default(),
        };
        let hosts: BTreeMap<String, Vec<Role>> =
            roles.iter().fold(BTreeMap::new(), |mut all, role| {
                let host: &mut Vec<Role> = all.entry(role.host.clone()).or_default();
                host.push(role.clone());
                all
            });
        let (shared, hosts) = (server.clone(), Arc::new(hosts));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (server, hosts) = (shared.clone(), Arc::clone(&hosts));
                tokio::spawn(async move { server.serve(socket, &hosts).await });
            }
        });
        server
    }

    pub(super) fn now(&self) -> Timestamp {
        START + SignedDuration::try_from(self.clock.elapsed()).expect("weeks")
    }

    async fn serve(
        &self,
        mut socket: TcpStream,
        hosts: &BTreeMap<String, Vec<Role>>,
    ) -> Option<()> {
        let address = socket.local_addr().ok()?.ip();
        let _ = socket.set_nodelay(true);
        let mut buffer = Vec::new();
        loop {
            let end = loop {
                if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                    break end;
                }
                if socket.read_buf(&mut buffer).await.ok()? == 0 {
                    return None;
                }
            };
            let head: Vec<u8> = buffer.drain(..end + 4).collect();
            let asked = read_head(&head, address, self.now())?;
            let answer = self.judged(&asked, hosts);
            // Some answers take a while, so that two at once would be seen.
            if asked.at.as_second() % 5 == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let sent = write_answer(&answer);
            self.referee
                .lock()
                .expect("referee")
                .answered(&asked, self.now());
            socket.write_all(&sent).await.ok()?;
        }
    }

    fn judged(&self, asked: &Asked, hosts: &BTreeMap<String, Vec<Role>>) -> Answer {
        let mut referee = self.referee.lock().expect("referee");
        referee.asked(asked);
        let roles = hosts
            .get(&asked.host)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if asked.path == "/robots.txt" && !roles.is_empty() {
            let (said, status, body) = answers::robots(roles[0].behaviour, asked.at);
            referee.told_robots(asked, said);
            let mut answer = Answer::default();
            answer.promise.status = status;
            body.clone_into(&mut answer.body);
            return answer;
        }
        let number = asked
            .path
            .rsplit('/')
            .next()
            .and_then(|n| n.split('?').next()?.parse().ok());
        let known = ["/feed/", "/shut/", "/new/", "/other/"]
            .iter()
            .any(|folder| asked.path.starts_with(folder));
        let role = roles.iter().find(|role| known && number == Some(role.n));
        let Some(role) = role else {
            referee.undeclared(asked);
            let mut answer = Answer::default();
            answer.promise.status = 404;
            return answer;
        };
        let answer = answers::answer(role.behaviour, role.n, asked);
        referee.promised(asked, answer.promise.clone());
        answer
    }
}

fn read_head(head: &[u8], address: IpAddr, at: Timestamp) -> Option<Asked> {
    // As the bytes are: validators need not be UTF-8.
    let head: String = head.iter().copied().map(char::from).collect();
    let mut lines = head.split("\r\n");
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut asked = Asked {
        at,
        host: String::new(),
        address,
        path,
        headers,
    };
    asked.host = asked.header("host")?.split(':').next()?.to_owned();
    Some(asked)
}

fn write_answer(answer: &Answer) -> Vec<u8> {
    let status = answer.promise.status;
    let mut sent = format!("HTTP/1.1 {status} x\r\n");
    for (name, value) in &answer.headers {
        let _ = write!(sent, "{name}: {value}\r\n");
    }
    if status != 304 {
        let _ = write!(sent, "content-length: {}\r\n", answer.body.len());
    }
    sent.push_str("\r\n");
    sent.push_str(&answer.body);
    sent.into_bytes()
}
