//! The `log_format`s of an nginx configuration.

use super::template::quoted_strings;
use super::wanted::FormatSpec;

/// The format with this name; without a name, the only one there is, or the one that the first
/// `access_log` names. The error says which there are.
pub fn log_format(text: &str, name: Option<&str>) -> Result<FormatSpec, String> {
    let text = without_comments(text);
    let formats = formats(&text);
    let names: Vec<&str> = formats.iter().map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return Err("there is no log_format in it".to_string());
    }
    let used = || {
        let mut words = text.split_whitespace();
        words.find(|word| *word == "access_log")?;
        let _file = words.next()?;
        Some(words.next()?.trim_end_matches(';').to_string())
    };
    let wanted = match (name, names.as_slice()) {
        (Some(name), _) => name.to_string(),
        (None, [only]) => only.to_string(),
        (None, _) => used()
            .filter(|used| names.contains(&used.as_str()))
            .ok_or_else(|| format!("it has several: say which of {}", names.join(", ")))?,
    };
    let found = formats.iter().find(|(name, _)| *name == wanted);
    let (_, pattern) = found.ok_or_else(|| {
        format!("there is no log_format {wanted}; there are {}", names.join(", "))
    })?;
    FormatSpec::described(pattern).map_err(|error| error.message)
}

fn without_comments(text: &str) -> String {
    let line = |line: &str| {
        let mut quote = None;
        for (at, c) in line.char_indices() {
            match (quote, c) {
                (None, '#') => return line[..at].to_string(),
                (None, '\'' | '"') => quote = Some(c),
                (Some(open), c) if c == open => quote = None,
                _ => {}
            }
        }
        line.to_string()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Names and patterns.
fn formats(text: &str) -> Vec<(String, String)> {
    let mut formats = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("log_format") {
        rest = &rest[start + "log_format".len()..];
        let Some(name) = rest.split_whitespace().next() else { break };
        let end = end_of_directive(rest);
        let pattern = quoted_strings(&rest[..end]).concat();
        formats.push((name.to_string(), pattern));
        rest = &rest[end..];
    }
    formats
}

/// The place of the first semicolon outside quotes.
fn end_of_directive(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, ';') => return at,
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONF: &str = r#"
        http {
            # log_format old '$status';
            log_format main '$remote_addr [$time_local] "$request" '
                            '$status; $request_time';
            log_format json escape=json '{"time":"$time_iso8601","status":$status}';
            server { access_log /var/log/nginx/a.log main; }
        }"#;

    #[test]
    fn formats_are_found_by_name_or_use() {
        let pattern = r#"$remote_addr [$time_local] "$request" $status; $request_time"#;
        let main = FormatSpec::Described(pattern.to_string());
        assert_eq!(log_format(CONF, Some("main")), Ok(main.clone()));
        assert_eq!(log_format(CONF, None), Ok(main));
        assert!(matches!(log_format(CONF, Some("json")), Ok(FormatSpec::Described(_))));
        let error = log_format(CONF, Some("old")).expect_err("a comment");
        assert!(error.contains("main, json"), "{error}");
        assert!(log_format("", None).is_err());
        let unused = CONF.replace("access_log", "error_log");
        assert!(log_format(&unused, None).expect_err("two").contains("say which"));
    }
}
