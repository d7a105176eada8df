//! What `railhead check` says of TLS, proxies, metrics and traces.

use super::Report;
use crate::clock::{Clock as _, SystemClock};
use crate::config::proxies::{ProxyHeader, TrustedProxies};
use crate::config::{Config, is_local};
use crate::log::chain;
use crate::tls::Certificate;
use crate::trace::Tracing;
use time::Duration;
use time::macros::format_description;
use tokio::runtime::Handle;
use url::Url;

/// A certificate that lasts no longer than this should have been renewed.
const SOON: Duration = Duration::days(14);

/// Says how the server is operated.
pub(super) fn operation(report: &mut Report, config: &Config) {
    report.line("\nOperation");
    tls(report, config);
    let header = match config.proxy_header {
        ProxyHeader::XForwardedFor => "x-forwarded-for",
        ProxyHeader::Forwarded => "forwarded",
    };
    let proxies: Vec<_> = config
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    let proxies = match proxies.join(", ") {
        none if none.is_empty() => "none: clients are the addresses that connect".to_owned(),
        some => format!("{some}, in the header {header}"),
    };
    report.setting("trusted_proxies", &proxies);
    if trusts_all(&config.trusted_proxies) {
        report.line(
            "  warning: `trusted_proxies` trusts everybody, so every client can claim any address",
        );
    }
    report.setting("drain_seconds", &config.drain_seconds.to_string());
    report.setting("metrics", &metrics(config));
    metrics_place(report, config);
    telemetry(report, config);
}

fn tls(report: &mut Report, config: &Config) {
    let Some((file, key)) = config.tls.files() else {
        let public = config.public_url.as_ref().filter(|url| !is_local(url));
        let proxy = "not here: the reverse proxy at `public_url` has to speak it";
        report.setting("tls", public.map_or("off", |_| proxy));
        if public.is_some_and(|url| url.scheme() == "http") {
            report.line("  warning: `public_url` is http, so everything travels in the clear, cookies included");
        }
        return;
    };
    let certificate = match Certificate::read(file, key) {
        Ok(certificate) => certificate,
        Err(error) => return report.broken(&chain(&error)),
    };
    let day = certificate
        .expires_at
        .format(format_description!("[year]-[month]-[day]"));
    let day = day.unwrap_or_default();
    report.setting("tls", &format!("{}, expires on {day}", file.display()));
    let left = certificate.expires_at - SystemClock.now();
    if left.is_negative() {
        report.broken(&format!(
            "the certificate in {} has expired",
            file.display()
        ));
    } else if left < SOON {
        let days = left.whole_days();
        report.line(&format!(
            "  warning: the certificate expires in {days} days"
        ));
    }
    if let Some(url) = config.public_url_at(config.listen.port()) {
        of_this_server(report, &certificate, &url);
    }
}

fn of_this_server(report: &mut Report, certificate: &Certificate, url: &Url) {
    if url.scheme() == "http" {
        report.broken("`public_url` is http, but the server speaks TLS with its own certificate");
    }
    if !certificate.is_for(url) {
        let host = url.host_str().unwrap_or_default();
        report.broken(&format!(
            "the certificate is not one for {host}, the host of `public_url`: browsers refuse it"
        ));
    }
}

fn trusts_all(trusted: &TrustedProxies) -> bool {
    trusted.iter().any(|network| network.prefix_len() == 0)
}

fn metrics(config: &Config) -> String {
    let local = config.public_url.as_ref().is_none_or(is_local);
    let own = config
        .metrics
        .listen
        .map(|own| format!("http://{own}/metrics"));
    let public = match (&config.metrics.token, local) {
        (Some(_), _) => Some("/metrics with the token"),
        (None, true) => Some("/metrics, as on every developer's machine"),
        (None, false) => None,
    };
    let places: Vec<_> = own.into_iter().chain(public.map(str::to_owned)).collect();
    if places.is_empty() {
        "served nowhere: set `metrics.listen` or `metrics.token`".to_owned()
    } else {
        places.join(" and ")
    }
}

/// An address of their own that is none, or is everybody's.
fn metrics_place(report: &mut Report, config: &Config) {
    let Some(own) = config.metrics.listen else {
        return;
    };
    if own == config.listen && own.port() != 0 {
        report.broken("`metrics.listen` and `listen` are the same address");
    } else if own.ip().is_unspecified() {
        report.line("  note: `metrics.listen` is open to every network of this machine");
    }
}

fn telemetry(report: &mut Report, config: &Config) {
    let Some(url) = config.telemetry.traces_url() else {
        return report.setting("telemetry", "off");
    };
    let percent = config.telemetry.sample * 100.0;
    report.setting(
        "telemetry",
        &format!("{percent}% of the traces go to {url}"),
    );
    match Tracing::start(&config.telemetry, Handle::current()) {
        Ok(traces) => drop(traces),
        Err(error) => report.broken(&chain(&error)),
    }
}
