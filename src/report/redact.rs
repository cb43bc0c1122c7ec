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
/// A group `label` or `sentence` stays as it is; what follows a sentence has to look like a secret.
const PATTERNS: [(&str, &str); 25] = [
    (
        "token",
        r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?",
    ),
    ("token", r"(?P<label>(?i:bearer)\s+)[A-Za-z0-9._~+/=-]{8,}"),
    // A secret after its name and a sign.
    (
        "token",
        r#"(?P<label>\b(?i:[a-z]+[_-])?(?i:tokens?|api[_ -]?key|secret|password|passcode|passwd|pwd|contraseña|clave|pin|cookie|code|código)(?: de [a-zó]+)?["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
    ),
    // A secret after its name and a verb, or after a name that nothing else follows.
    (
        "token",
        r#"(?P<sentence>\b(?i:token|api[_ -]?key|secret|password|passcode|pwd|contraseña|clave|pin|código)\s+(?:is|es)\s+["']?)[^\s"',;]+"#,
    ),
    (
        "token",
        r"(?P<sentence>\b(?i:pin|api[_ -]?key|refresh token|access token|activation code|recovery key|código de activación|clave de activación|clave de recuperación)\s+)[^\s,;]*[0-9][^\s,;]*",
    ),
    ("token", r"\b(?:[0-9]{6}-){7}[0-9]{6}\b"),
    (
        "user",
        r#"[^\s@<>"'(),;:=/\[\]{}|&]+(?:'[^\s@<>"'(),;:=/\[\]{}|&]+)?@[^\s@<>"'(),;:=/\[\]{}|&]+\.[^\s@<>"'(),;:=./\[\]{}|&]+"#,
    ),
    ("user", r"\b[A-Z][A-Z0-9-]+\\[a-z][A-Za-z0-9._-]+"),
    (
        "id",
        r"\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b",
    ),
    ("id", r"\b[0-9A-Fa-f]{32}\b"),
    ("id", r"\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{16}\b"),
    ("id", r"\b[0-9a-f]{16}\b"),
    (
        "serial",
        r"(?P<label>\b(?i:serial(?: ?(?:number|no\.?|num\.?|n[º°]))?|s/n|número de serie|numero de serie|n[º°] de serie|serie)\s*(?:is|es)?\s*[:#=]?\s*)[A-Za-z0-9-]*[0-9][A-Za-z0-9-]*",
    ),
    ("address", r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"),
    ("address", r"(?i:::ffff:)[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"),
    ("address", r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"),
    (
        "address",
        r"(?:[0-9A-Fa-f]{1,4}:|:)(?:[0-9A-Fa-f]{0,4}:){1,6}(?:[0-9A-Fa-f]{1,4})?",
    ),
    ("serial", r"\b[0-9]{18,22}\b"),
    (
        "imei",
        r"\b[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]{1,2}\b",
    ),
    // With a sign of a number of a country, with brackets or with gaps.
    ("phone", r"(?:\+|\b00|\()[0-9][0-9 ().\u{a0}/-]{6,}[0-9]\b"),
    ("phone", r"\b[0-9]{2,4}(?:[ \u{a0}/-][0-9]{2,4}){2,4}\b"),
    ("phone", r"\b[0-9]{2,3}(?:\.[0-9]{2,3}){2,4}\b"),
    ("phone", r"\b(?:[6-9][0-9]{8}|0[0-9]{8,10})\b"),
    ("token", r"\b[A-Za-z0-9_-]{33,}={0,2}"),
    ("serial", r"\b[A-Z0-9]{10,14}\b"),
];

/// Replaces what must not be spread.
pub(super) struct Redactor {
    pattern: Option<Regex>,
    /// The stand-in of each thing, by what it is and how it is written.
    known: HashMap<(&'static str, String), String>,
    /// How many different things of each kind there are.
    different: BTreeMap<&'static str, usize>,
    /// What people wrote: nothing in it is taken for a stand-in.
    written: String,
    /// How often something of each kind was replaced.
    pub(super) hidden: BTreeMap<&'static str, usize>,
}

impl Redactor {
    /// Leaves the addresses of a tree as they are. `written` is all that people wrote.
    pub(super) fn new(tree: &Tree, written: String) -> Self {
        let mut own: Vec<String> = addresses(tree).map(escape_own).collect();
        // Of two that begin alike the longer one is meant.
        own.sort_by_key(|address| std::cmp::Reverse(address.len()));
        let mut alternatives = Vec::new();
        if !own.is_empty() {
            alternatives.push(format!("(?P<own>{})", own.join("|")));
        }
        for (number, (_, pattern)) in PATTERNS.iter().enumerate() {
            let pattern = pattern.replace("(?P<label>", &format!("(?P<label{number}>"));
            let pattern = pattern.replace("(?P<sentence>", &format!("(?P<sentence{number}>"));
            alternatives.push(format!("(?P<p{number}>{pattern})"));
        }
        Redactor {
            pattern: Regex::new(&alternatives.join("|")).ok(),
            known: HashMap::new(),
            different: BTreeMap::new(),
            written,
            hidden: BTreeMap::new(),
        }
    }

    /// A text in which stand-ins take the place of what must not be spread.
    pub(super) fn redact(&mut self, text: &str) -> String {
        // The patterns are constants, and a test makes them.
        let Some(pattern) = self.pattern.take() else {
            return String::new();
        };
        let redacted = pattern.replace_all(text, |found: &Captures| self.stand_in(text, found));
        let redacted = redacted.into_owned();
        self.pattern = Some(pattern);
        redacted
    }

    fn stand_in(&mut self, text: &str, found: &Captures) -> String {
        let Some(all) = found.get(0) else {
            return String::new();
        };
        let whole = all.as_str();
        let numbered =
            (0..PATTERNS.len()).find(|number| found.name(&format!("p{number}")).is_some());
        let Some(number) = numbered else {
            return whole.to_owned();
        };
        let label = found.name(&format!("label{number}"));
        let sentence = found.name(&format!("sentence{number}"));
        let length = label.or(sentence).map_or(0, |label| label.as_str().len());
        let (before, value) = whole.split_at(length);
        let kind = PATTERNS[number].0;
        let is_meant = match (label, sentence) {
            (Some(_), _) => true,
            (_, Some(_)) => is_secret(value),
            _ => is_meant(kind, value, text[..all.start()].chars().next_back()),
        };
        if !is_meant {
            return whole.to_owned();
        }
        let (different, written) = (&mut self.different, &self.written);
        let stand_in = self
            .known
            .entry((kind, key(kind, value)))
            .or_insert_with(|| {
                let count = different.entry(kind).or_default();
                loop {
                    *count += 1;
                    let stand_in = format!("{kind}-{count}");
                    if !written.contains(&stand_in) {
                        break stand_in;
                    }
                }
            });
        *self.hidden.entry(kind).or_default() += 1;
        format!("{before}{stand_in}")
    }
}

/// What is the same of a thing however it is written.
fn key(kind: &str, value: &str) -> String {
    let digits = || value.chars().filter(char::is_ascii_digit);
    match kind {
        "imei" => digits().collect(),
        // The number of the country may stand before it.
        "phone" => {
            let digits: String = digits().collect();
            digits[digits.len().saturating_sub(9)..].to_owned()
        }
        "id" => value.replace('-', "").to_lowercase(),
        _ => value.to_lowercase(),
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

/// Whether a word in a sentence about a secret is one, and not what is said of it.
fn is_secret(value: &str) -> bool {
    let end = value.trim_end_matches(['.', '!', '?']);
    let has = |is_so: fn(&u8) -> bool| end.bytes().any(|byte| is_so(&byte));
    has(u8::is_ascii_digit) || has(u8::is_ascii_punctuation)
}

/// Whether something that looks like a thing of a kind is one. `before` is the letter before it.
fn is_meant(kind: &str, value: &str, before: Option<char>) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_inside = before.is_some_and(|letter| {
        letter.is_alphanumeric() || matches!(letter, '-' | '.' | '_' | '/' | '\\')
    });
    match kind {
        "user" if value.contains('\\') => !is_inside && before != Some(':'),
        "address" if value.starts_with("::") && value.contains('.') => true,
        "address" if value.contains('.') => !is_inside && value.parse::<Ipv4Addr>().is_ok(),
        "address" if value.len() == 17 && letters + digits == 12 => true,
        "address" => value.parse::<Ipv6Addr>().is_ok(),
        "phone" => !is_inside && (9..=15).contains(&digits) && !is_date(value),
        "id" if value.len() == 16 => digits > 0 && letters > 0,
        "token" if letters + digits > 32 => digits > 0 && letters > 0,
        // A word and then a number is the name of an error.
        "serial" if letters == 0 => digits >= 18,
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
        Redactor::new(
            &Tree::parse(TREE).expect("it has no mistake"),
            String::new(),
        )
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
            ("error-like 490154203237518", "error-like imei-1"),
            ("password is Summer2026!", "password is token-1"),
            ("la contraseña es Verano2026!", "la contraseña es token-1"),
            (
                "pwd=P@ssw0rd client_secret=abc~8Q",
                "pwd=token-1 client_secret=token-2",
            ),
            ("PIN 4821", "PIN token-1"),
            ("api key sk-live-1234", "api key token-1"),
            (
                "código de activación: 123456",
                "código de activación: token-1",
            ),
            ("ICCID 8934071100000000000", "ICCID serial-1"),
            ("UDID 00008030-001A2B3C4D5E802E", "UDID id-1"),
            ("Android ID 9774d56d682e549c", "Android ID id-1"),
            (r"CONTOSO\mgarcia", "user-1"),
            ("::ffff:192.168.1.1", "address-1"),
            ("o'brien+lookout@sub.example.org", "user-1"),
            (
                "login_hint=maria@contoso.com&code=0.AXkA",
                "login_hint=user-1&code=token-1",
            ),
            (
                "490154203237518 49-015420-323751-8 49 015420 323751 8",
                "imei-1 imei-1 imei-1",
            ),
            (
                "612 345 678, +34 612 34 56 78, 612345678",
                "phone-1, phone-1, phone-1",
            ),
            (
                "4b1f6e0a-93d2-4a55-8c1e-0b2f77d1c9aa 4b1f6e0a93d24a558c1e0b2f77d1c9aa",
                "id-1 id-1",
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
            ("key 0123456789abcdef0123456789abcdefX", "key token-1"),
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
            "token expired, the password was right, the PIN is wrong.",
            "error -2016281112, (-2147024891), MDM error 2016345612",
            "Windows 10.0.22631.4317 (build 22631.4317), build UP1A.231005.007",
            "Incident 20261125001, HTTP 403, 404",
            r"D:\NEW\table",
        ] {
            let mut redactor = redactor();
            assert_eq!(redactor.redact(text), text);
            assert!(redactor.hidden.is_empty());
        }
    }

    #[test]
    fn what_somebody_wrote_is_taken_for_no_stand_in() {
        let tree = Tree::parse(TREE).expect("it has no mistake");
        let mut redactor = Redactor::new(&tree, "user-1 is shared".to_owned());
        assert_eq!(redactor.redact("user-1 is shared"), "user-1 is shared");
        assert_eq!(redactor.redact("maria@contoso.com"), "user-2");
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
