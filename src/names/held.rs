//! The roles that somebody has, as one text: `decider, owner`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What separates two of them.
const BETWEEN: &str = ", ";

/// The roles of somebody, in the order of the scenario. In files and on screens they are one text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct HeldRoles(Vec<String>);

impl HeldRoles {
    /// These, in this order.
    pub fn new<'a>(roles: impl IntoIterator<Item = &'a str>) -> HeldRoles {
        HeldRoles(roles.into_iter().map(str::to_string).collect())
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The first; blank without any.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// Whether this is one of them.
    pub fn has(&self, role: &str) -> bool {
        self.iter().any(|held| held == role)
    }
}

impl fmt::Display for HeldRoles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(BETWEEN))
    }
}

impl From<HeldRoles> for String {
    fn from(roles: HeldRoles) -> String {
        roles.to_string()
    }
}

impl From<String> for HeldRoles {
    fn from(text: String) -> HeldRoles {
        match text.as_str() {
            "" => HeldRoles::default(),
            text => HeldRoles::new(text.split(BETWEEN)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_stays_as_it_is(text in "([a-z, ]{0,3}|, |é){0,8}") {
            prop_assert_eq!(HeldRoles::from(text.clone()).to_string(), text);
        }

        #[test]
        fn roles_are_read_again(
            roles in proptest::collection::vec("[a-z][a-z ,]{0,6}[a-z]", 0..4),
        ) {
            let plain = |role: &&String| !role.contains(BETWEEN);
            let roles = HeldRoles::new(roles.iter().filter(plain).map(String::as_str));
            prop_assert_eq!(HeldRoles::from(roles.to_string()), roles);
        }
    }
}
