//! Where a secret is stored. Sealing binds the ciphertext to this place, so that it opens nowhere else.

/// The place of one secret: all four parts must be the same when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// Id of the workspace that owns the record.
    pub workspace: &'a str,
    /// Id of the record, for example a connection's `con_…`.
    pub record: &'a str,
    /// Name of the field within the record, for example `refresh_token`.
    pub field: &'a str,
    /// Version of the record; an older ciphertext put back in place of a newer one does not open.
    pub version: u32,
}

impl Context<'_> {
    /// The associated data for `purpose`: each part is preceded by its length, so that no two contexts give the
    /// same bytes.
    pub(crate) fn associated_data(&self, purpose: &str, key_id: &str) -> Vec<u8> {
        let parts = [purpose, key_id, self.workspace, self.record, self.field];
        let length = parts.iter().map(|part| 8 + part.len()).sum::<usize>() + 4;
        let mut bytes = Vec::with_capacity(length);
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::Context;
    use std::collections::HashSet;

    #[test]
    fn gives_different_bytes_when_text_moves_between_parts() {
        let place = |workspace, record, field| {
            Context {
                workspace,
                record,
                field,
                version: 1,
            }
            .associated_data("p", "k")
        };
        let encodings = [
            place("ab", "c", "d"),
            place("a", "bc", "d"),
            place("a", "b", "cd"),
            place("abcd", "", ""),
            place("", "", "abcd"),
            place("", "abcd", ""),
            place("ab", "c\0", "d"),
        ];
        let distinct: HashSet<_> = encodings.iter().collect();
        assert_eq!(distinct.len(), encodings.len());
    }
}
