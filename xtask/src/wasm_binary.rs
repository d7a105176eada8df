//! Linked WebAssembly as a row of sections: as much of the format as is needed to change a list of names in it.

use anyhow::{Context, Result, bail};

pub(crate) const MAGIC: &[u8] = b"\0asm\x01\0\0\0";

/// The module with each section as `change` answers it, from the section's number and content.
pub(crate) fn with_sections(
    module: &[u8],
    mut change: impl FnMut(u8, &[u8]) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let mut reader = Reader(module);
    if reader.take(MAGIC.len())? != MAGIC {
        bail!("this is no WebAssembly");
    }
    let mut changed = MAGIC.to_vec();
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        let size = reader.number()?;
        let section = change(id, reader.take(size)?)?;
        changed.push(id);
        write_number(section.len(), &mut changed);
        changed.extend(section);
    }
    Ok(changed)
}

/// Reads from the front.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self
            .0
            .split_at_checked(length)
            .context("the WebAssembly breaks off")?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    /// A name, with its length before it.
    pub(crate) fn name(&mut self) -> Result<&'a [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    /// An unsigned LEB128.
    pub(crate) fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number in the WebAssembly does not end")
    }

    /// Bytes with their count before them, as four bytes.
    pub(crate) fn block(&mut self) -> Result<&'a [u8]> {
        let length: [u8; 4] = self.take(4)?.try_into()?;
        self.take(u32::from_le_bytes(length).try_into()?)
    }
}

pub(crate) fn write_number(mut number: usize, to: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            return to.push(low);
        }
        to.push(low | 0x80);
    }
}

/// A name, with its length before it.
pub(crate) fn write_name(name: &[u8], to: &mut Vec<u8>) {
    write_number(name.len(), to);
    to.extend(name);
}
