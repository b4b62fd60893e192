//! The notations of patterns: nginx's `$name`, Apache's `%D`, HAProxy's `%Ta`, Envoy's `%NAME%`.

use super::elapsed::ElapsedUnit;
use super::layout::{NamedField, PatternPiece};
use super::role::Role;
use super::variables::{self, Meaning};

/// The name at the beginning of a text, and whether braces are around it.
pub(super) fn name_at(text: &str) -> (&str, bool) {
    if let Some(inside) = text.strip_prefix('{')
        && let Some(end) = inside.find('}')
    {
        return (&inside[..end], true);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    (&text[..end], false)
}

/// The pieces of a pattern.
pub(super) fn pieces(text: &str) -> Result<Vec<PatternPiece>, String> {
    let envoy = text.contains("%START_TIME") || text.contains("%RESPONSE_CODE%");
    let haproxy = !envoy && ["%ST", "%ci", "%HM"].iter().any(|sign| text.contains(sign));
    let nginx = text.contains('$');
    let mut pieces = PieceList(Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        rest = match c {
            '$' if nginx => {
                let (name, braces) = name_at(behind);
                if name.is_empty() {
                    return Err("a `$` has no name after it".to_string());
                }
                pieces.field(name, variables::nginx(name));
                &behind[name.len() + if braces { 2 } else { 0 }..]
            }
            '%' if envoy => pieces.envoy(behind)?,
            '%' if haproxy => pieces.haproxy(behind),
            '%' if !nginx => pieces.apache(behind)?,
            c => {
                pieces.text(c);
                behind
            }
        };
    }
    Ok(with_upstream(joined(pieces.0)))
}

struct PieceList(Vec<PatternPiece>);

impl PieceList {
    fn text(&mut self, c: char) {
        let c = if c.is_whitespace() { ' ' } else { c };
        let mut bytes = [0; 4];
        let encoded = c.encode_utf8(&mut bytes).as_bytes();
        match self.0.last_mut() {
            Some(PatternPiece::Text(text)) if c == ' ' && text.last() == Some(&b' ') => {}
            Some(PatternPiece::Text(text)) => text.extend_from_slice(encoded),
            _ => self.0.push(PatternPiece::Text(encoded.to_vec())),
        }
    }

    fn field(&mut self, name: &str, (role, unit): Meaning) {
        self.0.push(PatternPiece::Field(NamedField { name: name.to_string(), role, unit }));
    }

    /// `%RESPONSE_CODE%`, `%REQ(:METHOD)%`, `%START_TIME(%s)%`.
    fn envoy<'t>(&mut self, text: &'t str) -> Result<&'t str, String> {
        let name = name_at(text).0;
        let behind = &text[name.len()..];
        let (argument, behind) = match behind.strip_prefix('(') {
            Some(inside) => inside.split_once(')').ok_or("a `(` is not closed")?,
            None => ("", behind),
        };
        let end = behind.find('%').ok_or_else(|| format!("`%{name}` is not closed with `%`"))?;
        self.field(&name.to_lowercase(), variables::envoy(name, argument));
        Ok(&behind[end + 1..])
    }

    /// `%ci`, `%{+Q}r`, `%[capture.req.hdr(0)]`.
    fn haproxy<'t>(&mut self, text: &'t str) -> &'t str {
        let flags = text.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (flags, text) = flags.map_or(("", text), |(flags, behind)| (flags, behind));
        if let Some((_, behind)) = text.strip_prefix('[').and_then(|inside| inside.split_once(']'))
        {
            self.field("_", (None, None));
            return behind;
        }
        let name = name_at(text).0;
        let quoted = flags.contains("+Q");
        if quoted {
            self.text('"');
        }
        self.field(name, variables::haproxy(name));
        if quoted {
            self.text('"');
        }
        &text[name.len()..]
    }

    fn ends_with(&self, byte: u8) -> bool {
        matches!(self.0.last(), Some(PatternPiece::Text(text)) if text.last() == Some(&byte))
    }

    /// `%>s`, `%{User-Agent}i`, `%(D)s`, `%!200,304{Referer}i`.
    fn apache<'t>(&mut self, text: &'t str) -> Result<&'t str, String> {
        if let Some(inside) = text.strip_prefix('(') {
            let (name, behind) = inside.split_once(")s").ok_or("a `%(` has no `)s`")?;
            self.time_or_field(name, variables::gunicorn(name), true);
            return Ok(behind);
        }
        if let Some(behind) = text.strip_prefix('%') {
            self.text('%');
            return Ok(behind);
        }
        let modifiers = |c: char| c.is_ascii_digit() || matches!(c, '!' | ',' | '<' | '>' | '^');
        let text = text.trim_start_matches(modifiers);
        let (argument, behind) = match text.strip_prefix('{') {
            Some(inside) => inside.split_once('}').ok_or("a `{` is not closed")?,
            None => ("", text),
        };
        let letter = behind.chars().next().ok_or("a `%` has nothing after it")?;
        let behind = &behind[letter.len_utf8()..];
        // `%^ti` and `%^to` are trailers.
        let behind =
            if text.starts_with("ti") || text.starts_with("to") { &behind[1..] } else { behind };
        let name = if argument.is_empty() { letter.to_string() } else { argument.to_string() };
        let meaning = variables::apache(letter, argument);
        self.time_or_field(&name, meaning, letter == 't' && argument.is_empty());
        Ok(behind)
    }

    /// Apache's `%t` and gunicorn's `%(t)s` bring their brackets along.
    fn time_or_field(&mut self, name: &str, meaning: Meaning, plain: bool) {
        let name: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        if meaning.0 == Some(Role::Time) {
            let brackets = plain && !self.ends_with(b'[');
            if brackets {
                self.text('[');
            }
            self.field("time", meaning);
            if brackets {
                self.text(']');
            }
        } else {
            self.field(&name, meaning);
        }
    }
}

/// Parts of one time, and fields with nothing between them, as one field.
fn joined(pieces: Vec<PatternPiece>) -> Vec<PatternPiece> {
    let is_time = |piece: &PatternPiece| {
        matches!(piece, PatternPiece::Field(NamedField { role: Some(Role::Time), .. }))
    };
    let mut joined: Vec<PatternPiece> = Vec::new();
    for piece in pieces {
        let gap = joined.len().checked_sub(2).and_then(|at| joined.get(at..));
        if let Some([time, PatternPiece::Text(text)]) = gap
            && is_time(time)
            && is_time(&piece)
            && text.len() <= 2
            && !text.iter().any(|byte| b"[]\"|,;".contains(byte))
        {
            joined.pop();
            continue;
        }
        match (joined.last_mut(), &piece) {
            (Some(PatternPiece::Field(before)), PatternPiece::Field(field)) => {
                if before.role.is_none() {
                    *before = field.clone();
                }
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Where the format has the upstream's time alone, that is taken.
fn with_upstream(mut pieces: Vec<PatternPiece>) -> Vec<PatternPiece> {
    let fields = |piece: &PatternPiece| match piece {
        PatternPiece::Field(field) => field.role == Some(Role::Elapsed),
        PatternPiece::Text(_) => false,
    };
    if !pieces.iter().any(fields) {
        for piece in &mut pieces {
            if let PatternPiece::Field(field) = piece
                && variables::is_upstream_time(&field.name)
            {
                (field.role, field.unit) = (Some(Role::Elapsed), Some(ElapsedUnit::Seconds));
                break;
            }
        }
    }
    pieces
}
