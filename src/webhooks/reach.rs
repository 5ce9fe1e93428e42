//! Where a webhook's request may go: the one place that decides. Addresses in a URL are checked when it is
//! read; names are resolved here, and only addresses that may be reached are handed to the connection.

use std::{
    error::Error as StdError,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::LazyLock,
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::model::LONGEST_URL;
use crate::error::{Error, Result};

/// What of IPv4 is not the public network.
const NOT_PUBLIC_V4: [(Ipv4Addr, u8); 18] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // The metadata of most clouds is among the link-local ones.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // A public address by which one cloud serves its machines.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// What of IPv6 is public at all.
const PUBLIC_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What of that is not: special purposes with Teredo among them, documentation, and 6to4.
const NOT_PUBLIC_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

static REFUSED_V4: LazyLock<Vec<Ipv4Net>> =
    LazyLock::new(|| NOT_PUBLIC_V4.iter().copied().map(v4).collect());
static PUBLIC: LazyLock<Ipv6Net> = LazyLock::new(|| v6(PUBLIC_V6));
static REFUSED_V6: LazyLock<Vec<Ipv6Net>> =
    LazyLock::new(|| NOT_PUBLIC_V6.iter().copied().map(v6).collect());

fn v4((address, length): (Ipv4Addr, u8)) -> Ipv4Net {
    // The lists above have no length beyond that of an address, and a test reads them.
    Ipv4Net::new(address, length).unwrap_or_default()
}

fn v6((address, length): (Ipv6Addr, u8)) -> Ipv6Net {
    Ipv6Net::new(address, length).unwrap_or_default()
}

/// Whether an address is one of the public network.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !REFUSED_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => {
            PUBLIC.contains(&address)
                && !REFUSED_V6.iter().any(|network| network.contains(&address))
        }
    }
}

/// What requests may reach: the public network by `https`, and what the operator allows, by plain `http` too.
#[derive(Clone, Debug)]
pub struct Reach {
    allowed: Vec<IpNet>,
    public: bool,
}

impl Reach {
    /// What a URL of this scheme may reach.
    fn by(scheme: &str, allowed: &[IpNet]) -> Self {
        Self {
            allowed: allowed.to_vec(),
            public: scheme == "https",
        }
    }

    /// What `https` may reach.
    pub fn secure(allowed: &[IpNet]) -> Self {
        Self::by("https", allowed)
    }

    /// What plain `http` may reach: only what the operator allows.
    pub fn plain(allowed: &[IpNet]) -> Self {
        Self::by("http", allowed)
    }

    /// Whether a connection to this address may be made.
    pub fn includes(&self, address: IpAddr) -> bool {
        let canonical = address.to_canonical();
        self.allowed
            .iter()
            .any(|network| network.contains(&canonical))
            || (self.public && is_public(address))
    }
}

/// Reads the address of a webhook.
///
/// # Errors
/// A field error on `url` when it is none, carries a name and password, or leads where no request may go.
pub fn parse_url(text: &str, allowed: &[IpNet]) -> Result<Url> {
    let refuse = |why: &str| Err(Error::field("url", why));
    let text = text.trim();
    if text.chars().count() > LONGEST_URL {
        return refuse("An address has up to 500 characters.");
    }
    let Ok(url) = Url::parse(text) else {
        return refuse("This is not an address such as https://example.org/hook.");
    };
    match url.scheme() {
        "https" => {}
        "http" if !allowed.is_empty() => {}
        "http" => {
            return refuse("The address begins with https://, so that nobody reads on the way.");
        }
        _ => return refuse("The address begins with https://."),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("Leave name and password out. Requests are signed instead.");
    }
    if url.fragment().is_some() {
        return refuse("Leave out what follows the #. It would not be sent.");
    }
    if url.as_str().chars().count() > LONGEST_URL {
        return refuse("An address has up to 500 characters.");
    }
    if !leads_outside(&url, allowed) {
        if url.scheme() == "http" {
            return refuse(
                "Plain http reaches only networks that the operator allows. Use https://.",
            );
        }
        return refuse("This address is inside a private network, which requests do not reach.");
    }
    Ok(url)
}

/// Whether what a URL itself says leads where a request may go. A name says nothing before it is resolved.
pub fn leads_outside(url: &Url, allowed: &[IpNet]) -> bool {
    let reach = Reach::by(url.scheme(), allowed);
    match url.host() {
        Some(Host::Ipv4(address)) => reach.includes(address.into()),
        Some(Host::Ipv6(address)) => reach.includes(address.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let is_local = name == "localhost" || name.ends_with(".localhost");
            !is_local || reach.includes(Ipv4Addr::LOCALHOST.into())
        }
        None => false,
    }
}

/// Resolves names to what may be reached, and to nothing else.
#[derive(Clone)]
pub struct Resolver {
    reach: Reach,
    lookup: Lookup,
}

/// How names are looked up; a test brings its own answers.
pub type Lookup = fn(String) -> Resolving;

impl Resolver {
    pub fn new(reach: Reach, lookup: Lookup) -> Self {
        Self { reach, lookup }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, found) = (self.reach.clone(), (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let reachable: Vec<SocketAddr> = found
                .await?
                .filter(|address| reach.includes(address.ip()))
                .collect();
            if reachable.is_empty() {
                return Err(Box::new(Unreachable) as Box<dyn StdError + Send + Sync>);
            }
            let addresses: Addrs = Box::new(reachable.into_iter());
            Ok(addresses)
        })
    }
}

/// Asks the system, as every other program does.
pub fn of_the_system(name: String) -> Resolving {
    Box::pin(async move {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await?.collect();
        let addresses: Addrs = Box::new(found.into_iter());
        Ok(addresses)
    })
}

/// A name that leads only where no request may go.
#[derive(Debug)]
pub struct Unreachable;

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads only into networks that requests do not reach")
    }
}

impl StdError for Unreachable {}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &[&str] = &[
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "unix:/run/docker.sock",
        "example.org",
        "https://",
        "https://name:password@example.org/",
        "https://name@example.org/",
        "https://example.org/#part",
        "https://localhost/",
        "https://LOCALHOST:8443/",
        "https://localhost./",
        "https://board.localhost/",
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://127.1/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://%31%32%37.0.0.1/",
        "https://１２７.0.0.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://100.64.0.1/",
        "https://100.100.100.200/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://168.63.129.16/",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://192.0.0.192/",
        "https://192.168.1.1/",
        "https://198.18.0.1/",
        "https://203.0.113.7/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::]/",
        "https://[::1]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[2001:db8::1]/",
        "https://[3fff::1]/",
        "https://[fc00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://[100::1]/",
    ];

    #[test]
    fn no_address_leads_inside() {
        for url in HOSTILE {
            let refused = parse_url(url, &[]).expect_err(url);
            assert!(refused.on("url").is_some(), "{url}");
        }
    }

    #[test]
    fn public_addresses_are_taken() {
        for url in [
            "https://example.org/hook?team=7",
            "https://example.org:8443/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "https://[::ffff:8.8.8.8]/",
            "https://münchen.example/",
        ] {
            assert!(parse_url(url, &[]).is_ok(), "{url}");
        }
        let long = format!("https://example.org/{}", "a".repeat(LONGEST_URL));
        assert!(parse_url(&long, &[]).is_err());
    }

    #[test]
    fn what_the_operator_allows_is_reached_and_no_more() {
        let allowed: Vec<IpNet> = vec!["127.0.0.0/8".parse().unwrap()];
        for url in [
            "http://127.0.0.1:4000/",
            "https://127.9.9.9/",
            "http://localhost:4000/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(parse_url(url, &allowed).is_ok(), "{url}");
        }
        for url in ["http://8.8.8.8/", "https://10.0.0.1/", "http://[::1]/"] {
            assert!(parse_url(url, &allowed).is_err(), "{url}");
        }
    }

    fn inside_and_out(_: String) -> Resolving {
        let found = ["10.0.0.1:0", "[::1]:0", "8.8.8.8:0", "169.254.169.254:0"];
        let addresses: Addrs = Box::new(found.into_iter().map(|address| address.parse().unwrap()));
        Box::pin(async { Ok(addresses) })
    }

    fn inside(_: String) -> Resolving {
        let found = ["10.0.0.1:0", "[fd00::1]:0", "[::ffff:127.0.0.1]:0"];
        let addresses: Addrs = Box::new(found.into_iter().map(|address| address.parse().unwrap()));
        Box::pin(async { Ok(addresses) })
    }

    #[tokio::test]
    async fn a_name_leads_only_to_what_may_be_reached() {
        let name = || "rebinding.example".parse().unwrap();
        let resolver = Resolver::new(Reach::secure(&[]), inside_and_out);
        let found: Vec<SocketAddr> = resolver.resolve(name()).await.unwrap().collect();
        assert_eq!(found, ["8.8.8.8:0".parse().unwrap()]);
        let resolver = Resolver::new(Reach::secure(&[]), inside);
        let Err(refused) = resolver.resolve(name()).await else {
            panic!("a private address was given");
        };
        assert!(refused.is::<Unreachable>());
        let resolver = Resolver::new(Reach::plain(&[]), inside_and_out);
        assert!(resolver.resolve(name()).await.is_err(), "by plain http");
    }
}
