//! Replaces what stands for one person, one device or one place in what people wrote: the same by the same
//! stand-in, in the whole of a report. What the tree itself says is never replaced.
//!
//! The patterns are those of the things that a ticket must not spread: they hide a little too much rather
//! than too little. `regex-lite` is the small sibling of `regex`, by the same authors; texts are short.

use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, Ipv6Addr};

use regex_lite::{Captures, Regex, escape};

use crate::tree::{Kind, Tree};

/// What a pattern finds, by the name of its stand-ins, in the order in which they are tried at a place.
/// A group `label` stays as it is.
const PATTERNS: [(&str, &str); 13] = [
    (
        "token",
        r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?",
    ),
    ("token", r"(?P<label>(?i:bearer)\s+)[A-Za-z0-9._~+/=-]{8,}"),
    (
        "token",
        r#"(?P<label>\b(?i:access[_ -]?token|token|api[_ -]?key|secret|password|passcode|contraseña|clave|pin)["']?\s*[:=]\s*["']?)[^\s"',;]+"#,
    ),
    (
        "user",
        r#"[^\s@<>"'(),;:=/\[\]{}|]+@[^\s@<>"'(),;:=/\[\]{}|]+\.[^\s@<>"'(),;:=./\[\]{}|]+"#,
    ),
    (
        "id",
        r"\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b",
    ),
    (
        "serial",
        r"(?P<label>\b(?i:serial(?: ?(?:number|no\.?|num\.?|n[º°]))?|s/n|número de serie|numero de serie|n[º°] de serie|serie)\s*(?:is|es)?\s*[:#=]?\s*)[A-Za-z0-9-]*[0-9][A-Za-z0-9-]*",
    ),
    ("address", r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"),
    ("address", r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"),
    (
        "address",
        r"(?:[0-9A-Fa-f]{1,4}:|:)(?:[0-9A-Fa-f]{0,4}:){1,6}(?:[0-9A-Fa-f]{1,4})?",
    ),
    (
        "imei",
        r"\b[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]{1,2}\b",
    ),
    ("phone", r"(?:\+|\b|\()[0-9][0-9 ().\u{a0}/-]{6,}[0-9]\b"),
    ("token", r"\b[A-Za-z0-9_-]{32,}={0,2}"),
    ("serial", r"\b[A-Z0-9]{10,14}\b"),
];

/// Replaces what must not be spread.
pub(super) struct Redactor {
    pattern: Option<Regex>,
    /// The stand-in of each thing, by what it is and how it is written.
    known: HashMap<(&'static str, String), String>,
    /// How many different things of each kind there are.
    different: BTreeMap<&'static str, usize>,
    /// How often something of each kind was replaced.
    pub(super) hidden: BTreeMap<&'static str, usize>,
}

impl Redactor {
    /// Leaves the addresses of a tree as they are.
    pub(super) fn new(tree: &Tree) -> Self {
        let mut own: Vec<String> = addresses(tree).map(escape_own).collect();
        // Of two that begin alike the longer one is meant.
        own.sort_by_key(|address| std::cmp::Reverse(address.len()));
        let mut alternatives = Vec::new();
        if !own.is_empty() {
            alternatives.push(format!("(?P<own>{})", own.join("|")));
        }
        for (number, (_, pattern)) in PATTERNS.iter().enumerate() {
            let pattern = pattern.replace("(?P<label>", &format!("(?P<label{number}>"));
            alternatives.push(format!("(?P<p{number}>{pattern})"));
        }
        Redactor {
            pattern: Regex::new(&alternatives.join("|")).ok(),
            known: HashMap::new(),
            different: BTreeMap::new(),
            hidden: BTreeMap::new(),
        }
    }

    /// A text in which stand-ins take the place of what must not be spread.
    pub(super) fn redact(&mut self, text: &str) -> String {
        // The patterns are constants, and a test makes them.
        let Some(pattern) = self.pattern.take() else {
            return String::new();
        };
        let redacted = pattern.replace_all(text, |found: &Captures| self.stand_in(found));
        let redacted = redacted.into_owned();
        self.pattern = Some(pattern);
        redacted
    }

    fn stand_in(&mut self, found: &Captures) -> String {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let numbered =
            (0..PATTERNS.len()).find(|number| found.name(&format!("p{number}")).is_some());
        let Some(number) = numbered else {
            return whole.to_owned();
        };
        let label = found.name(&format!("label{number}"));
        let (label, value) = whole.split_at(label.map_or(0, |label| label.as_str().len()));
        let kind = PATTERNS[number].0;
        if label.is_empty() && !is_meant(kind, value) {
            return whole.to_owned();
        }
        let key = (kind, value.to_lowercase());
        let different = &mut self.different;
        let stand_in = self.known.entry(key).or_insert_with(|| {
            let count = different.entry(kind).or_default();
            *count += 1;
            format!("{kind}-{count}")
        });
        *self.hidden.entry(kind).or_default() += 1;
        format!("{label}{stand_in}")
    }
}

/// The addresses that a tree itself gives.
fn addresses(tree: &Tree) -> impl Iterator<Item = &str> {
    let links = tree.links().flat_map(|link| link.url.all());
    let channels = tree.nodes().flat_map(|(_, node)| match &node.kind {
        Kind::Escalation(escalation) => &escalation.channels[..],
        _ => &[],
    });
    links.chain(channels.filter_map(|channel| channel.email.as_deref()))
}

/// A pattern that matches an address in any case, to its end.
fn escape_own(address: &str) -> String {
    format!("(?i:{})", escape(address))
}

/// Whether something that looks like a thing of a kind is one.
fn is_meant(kind: &str, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    match kind {
        "address" if value.contains('.') => value.parse::<Ipv4Addr>().is_ok(),
        "address" if value.len() == 17 && letters + digits == 12 => true,
        "address" => value.parse::<Ipv6Addr>().is_ok(),
        "phone" => (9..=15).contains(&digits) && !is_date(value),
        "token" if value.len() >= 32 => digits > 0 && letters > 0,
        // A word and then a number is the name of an error.
        "serial" => {
            let number = value.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
            digits >= 2 && letters >= 2 && !number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => true,
    }
}

/// Whether digits begin with a date, in one of the usual orders.
fn is_date(value: &str) -> bool {
    let mut parts = value.split(['-', '/', '.', ' ']);
    let lengths: [usize; 3] = std::array::from_fn(|_| parts.next().map_or(0, str::len));
    matches!(lengths, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "
title: T
start: q
links:
  page: {label: L, url: 'https://help.example/a/0123456789ab'}
nodes:
  q: {question: Q?, choices: [{to: s}]}
  s: {symptom: S, to: r}
  r: {remedy: R, cause: C, steps: [{who: user, do: D}], links: [page], otherwise: e, source: S, checked: 2026-11-23}
  e: {escalation: E, cause: C, channels: [{text: T, email: help@example.com}], facts: [F]}
";

    fn redactor() -> Redactor {
        Redactor::new(&Tree::parse(TREE).expect("it has no mistake"))
    }

    #[test]
    fn what_stands_for_one_person_device_or_place_is_replaced() {
        for (text, redacted) in [
            (
                "write to marta@contoso.com, MARTA@contoso.com.",
                "write to user-1, user-1.",
            ),
            ("zoë#EXT#@contoso.onmicrosoft.com", "user-1"),
            (
                "tenant 4b1f6e0a-93d2-4a55-8c1e-0b2f77d1c9aa!",
                "tenant id-1!",
            ),
            ("IMEI 490154203237518", "IMEI imei-1"),
            ("imei: 49-015420-323751-8", "imei: imei-1"),
            ("Serial number: F17XK1ABHG04", "Serial number: serial-1"),
            ("nº de serie R58M12ABCDE ok", "nº de serie serial-1 ok"),
            (
                "it says F17XK1ABHG04 on the back",
                "it says serial-1 on the back",
            ),
            (
                "call +34 600 123 456 or (555) 123-4567",
                "call phone-1 or (555) 123-4567",
            ),
            ("call 0034600123456 now", "call phone-1 now"),
            (
                "from 10.0.0.1 and 2001:db8::1",
                "from address-1 and address-2",
            ),
            ("mac 00:1A:2b:3c:4D:5e", "mac address-1"),
            (
                "Authorization: Bearer abc.def-ghi1",
                "Authorization: Bearer token-1",
            ),
            ("password: hunter2, next", "password: token-1, next"),
            ("eyJhbGciOi.eyJzdWIiOi.c2ln", "token-1"),
            ("key 0123456789abcdef0123456789abcdef", "key token-1"),
        ] {
            let redacted = redacted.replace("(555) 123-4567", "phone-2");
            // Eleven digits in all make a number of a country, ten one of a town.
            assert_eq!(redactor().redact(text), redacted, "{text}");
        }
    }

    #[test]
    fn what_everybody_may_read_stays() {
        for text in [
            "AADSTS90093 and 0x80180014, error 403",
            "2026-11-03 09:12:55 or 03.11.2026 09:12",
            "at 09:12:55Z, 12:34",
            "Android 14, iOS 17.5.1, version 8.2.0.1234",
            r"C:\new\table and Zoë, 日本, “quotes”",
            "write to help@example.com or see https://help.example/a/0123456789ab.",
            "DeviceManagementApps.Read.All, GroupMember.Read.All",
            "case 2026-11-25-1, 48213 devices",
            "MICROSOFT INTUNE COMPLIANCE",
            "token expired, the password was right",
        ] {
            let mut redactor = redactor();
            assert_eq!(redactor.redact(text), text);
            assert!(redactor.hidden.is_empty());
        }
    }

    #[test]
    fn stand_ins_hold_for_all_texts_and_are_counted() {
        let mut redactor = redactor();
        assert_eq!(redactor.redact("a@b.de c@d.de"), "user-1 user-2");
        assert_eq!(redactor.redact("c@d.de 1.2.3.4"), "user-2 address-1");
        assert_eq!(
            redactor.hidden,
            BTreeMap::from([("user", 3), ("address", 1)])
        );
    }
}
