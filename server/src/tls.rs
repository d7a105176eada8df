//! The server's own certificate, for where no reverse proxy speaks TLS: rustls with aws-lc-rs, and files that are read
//! again when they change.

use crate::measure::names;
use metrics::gauge;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, client::verify_server_name};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use time::OffsetDateTime;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use url::Url;

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_secs(2);

/// Why a certificate cannot be used. Names the file and never what is in the key's.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("`{key}`: the file {} cannot be read", .path.display())]
    Unreadable {
        /// The setting that names it.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It does not hold what it should.
    #[error("`{key}`: the file {} holds no {expected} in PEM form", .path.display())]
    Nothing {
        /// The setting that names it.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
    },
    /// The certificate is malformed.
    #[error("`tls.certificate`: the first certificate in {} cannot be read", .0.display())]
    Certificate(PathBuf),
    /// The key is of another kind than servers use, or malformed.
    #[error("`tls.key`: the private key in {} is not of a kind that can be used", .0.display())]
    Key(PathBuf),
    /// They are not a pair.
    #[error("`tls.key`: the private key in {} does not belong to the certificate in {}", .key.display(), .certificate.display())]
    Pair {
        /// The key's file.
        key: PathBuf,
        /// The certificate's file.
        certificate: PathBuf,
    },
    /// The library refuses its set-up.
    #[error("TLS cannot be set up")]
    Setup(#[from] rustls::Error),
}

/// What the two files hold, as they are on the disk.
#[derive(PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: zeroize::Zeroizing<Vec<u8>>,
}

/// A certificate that can be used, and when it expires.
#[derive(Clone, Debug)]
pub struct Certificate {
    pair: Arc<CertifiedKey>,
    /// When it expires.
    pub expires_at: OffsetDateTime,
}

/// The certificate in use.
pub struct Tls {
    certificate_file: PathBuf,
    key_file: PathBuf,
    read: Files,
    current: Arc<Current>,
    acceptor: TlsAcceptor,
}

/// What handshakes are answered with.
struct Current(RwLock<Arc<CertifiedKey>>);

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current")
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(
            self.0
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        )
    }
}

impl Certificate {
    /// Reads the certificate and its key.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        Files::read(certificate, key)?.parse(certificate, key)
    }

    /// Is it one for the host of `url`?
    #[must_use]
    pub fn is_for(&self, url: &Url) -> bool {
        let name = url.host_str().map(|host| host.trim_matches(['[', ']']));
        let name = name.and_then(|name| ServerName::try_from(name).ok());
        let parsed = self.pair.end_entity_cert().ok();
        let parsed = parsed.and_then(|der| ParsedCertificate::try_from(der).ok());
        parsed
            .zip(name)
            .is_some_and(|(parsed, name)| verify_server_name(&parsed, &name).is_ok())
    }
}

impl Files {
    fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = |setting, path: &Path| {
            std::fs::read(path).map_err(|source| TlsError::Unreadable {
                key: setting,
                path: path.to_owned(),
                source,
            })
        };
        Ok(Self {
            certificate: read("tls.certificate", certificate)?,
            key: read("tls.key", key)?.into(),
        })
    }

    fn parse(&self, certificate: &Path, key: &Path) -> Result<Certificate, TlsError> {
        let nothing = |setting, path: &Path, expected| TlsError::Nothing {
            key: setting,
            path: path.to_owned(),
            expected,
        };
        let chain: Result<Vec<_>, pem::Error> =
            CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = chain.unwrap_or_default();
        let Some(first) = chain.first() else {
            return Err(nothing("tls.certificate", certificate, "certificate"));
        };
        let expires_at =
            expiry(first).ok_or_else(|| TlsError::Certificate(certificate.to_owned()))?;
        let private = PrivateKeyDer::from_pem_slice(&self.key);
        let private = private.map_err(|_| nothing("tls.key", key, "private key"))?;
        let signing = aws_lc_rs::sign::any_supported_type(&private);
        let signing = signing.map_err(|_| TlsError::Key(key.to_owned()))?;
        let pair = CertifiedKey::new(chain, signing);
        pair.keys_match().map_err(|_| TlsError::Pair {
            key: key.to_owned(),
            certificate: certificate.to_owned(),
        })?;
        Ok(Certificate {
            pair: Arc::new(pair),
            expires_at,
        })
    }
}

fn expiry(der: &CertificateDer<'_>) -> Option<OffsetDateTime> {
    let (_, parsed) = x509_parser::parse_x509_certificate(der).ok()?;
    let seconds = parsed.validity().not_after.timestamp();
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

impl Tls {
    /// Reads the files and is ready for handshakes.
    pub fn open((certificate, key): (&Path, &Path)) -> Result<Self, TlsError> {
        let read = Files::read(certificate, key)?;
        let first = read.parse(certificate, key)?;
        announce(&first);
        let current = Arc::new(Current(RwLock::new(first.pair)));
        let provider: Arc<CryptoProvider> = Arc::new(aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            certificate_file: certificate.to_owned(),
            key_file: key.to_owned(),
            read,
            current,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// Shakes hands, always with the certificate that is current then.
    #[must_use]
    pub fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }

    /// Takes up files that change, until the server ends. What cannot be used is told once and changes nothing: the
    /// two files are rarely replaced at the same moment.
    pub async fn watch(mut self, ending: CancellationToken) {
        let mut interval = tokio::time::interval(INTERVAL);
        let mut told = None;
        loop {
            tokio::select! {
                _ = interval.tick() => {}
                () = ending.cancelled() => return,
            }
            let looked = tokio::task::spawn_blocking(move || {
                let result = self.refresh();
                (self, result)
            });
            let Ok((again, result)) = looked.await else {
                return;
            };
            self = again;
            let trouble = result.err().map(|error| crate::log::chain(&error));
            if let Some(trouble) = trouble.as_ref().filter(|_| trouble != told) {
                tracing::error!(
                    trouble,
                    "the new certificate is not used; the one before is"
                );
            }
            told = trouble;
        }
    }

    /// Reads the files again.
    fn refresh(&mut self) -> Result<(), TlsError> {
        let read = Files::read(&self.certificate_file, &self.key_file)?;
        if read == self.read {
            return Ok(());
        }
        let next = read.parse(&self.certificate_file, &self.key_file)?;
        announce(&next);
        *self
            .current
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner) = next.pair;
        self.read = read;
        Ok(())
    }
}

fn announce(certificate: &Certificate) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of this age are exact in an f64"
    )]
    gauge!(names::CERTIFICATE_EXPIRY).set(certificate.expires_at.unix_timestamp() as f64);
    tracing::info!(expires_at = %certificate.expires_at, "took up the certificate");
}

#[cfg(test)]
mod tests {
    use super::{Tls, TlsError};
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use std::path::Path;

    fn write(folder: &Path) -> String {
        let pair = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let CertifiedKey { cert, signing_key } = pair;
        std::fs::write(folder.join("key"), signing_key.serialize_pem()).unwrap();
        std::fs::write(folder.join("certificate"), cert.pem()).unwrap();
        cert.pem()
    }

    #[test]
    fn files_that_are_replaced_one_after_the_other_are_used_once_they_fit() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("certificate"), folder.path().join("key"));
        let before = write(folder.path());
        let mut tls = Tls::open((&certificate, &key)).unwrap();
        let used = |tls: &Tls| tls.current.0.read().unwrap().cert.clone();
        let first = used(&tls);
        let after = write(folder.path());
        std::fs::write(&certificate, &before).unwrap();
        assert!(matches!(tls.refresh(), Err(TlsError::Pair { .. })));
        assert_eq!(used(&tls), first);
        std::fs::remove_file(&certificate).unwrap();
        assert!(matches!(tls.refresh(), Err(TlsError::Unreadable { .. })));
        std::fs::write(&certificate, &after).unwrap();
        tls.refresh().unwrap();
        assert_ne!(used(&tls), first);
    }
}
