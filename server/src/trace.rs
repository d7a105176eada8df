//! OpenTelemetry traces: spans that this module makes, and nothing else, go to the operator's collector. What they may
//! say is listed here; events, errors and addresses never travel with them.

use crate::config::observing::Telemetry;
use async_trait::async_trait;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::WithHttpConfig as _;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect;
use secrecy::ExposeSecret as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tracing::field::Empty;
use tracing::{Metadata, Span, Subscriber, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

/// The target of spans that are sent on. Log lines pass them over.
const TARGET: &str = "railhead::trace";
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends traces on until it is closed.
#[derive(Debug)]
pub struct Tracing(SdkTracerProvider);

/// Traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The HTTP client.
    #[error("the HTTP client for traces cannot be made")]
    Client(#[source] reqwest::Error),
    /// The header.
    #[error("configuration key `telemetry.authorization`: cannot stand in a header")]
    Authorization,
    /// The exporter.
    #[error("configuration key `telemetry.otlp_endpoint`: cannot be used")]
    Exporter(#[from] ExporterBuildError),
}

impl Tracing {
    /// Begins to send spans to the collector of `telemetry`, on the runtime `handle`; `None` when there is none.
    pub fn start(telemetry: &Telemetry, handle: Handle) -> Result<Option<Self>, TraceError> {
        let Some(url) = telemetry.traces_url() else {
            return Ok(None);
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(telemetry, handle)?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(url)
            .with_timeout(PATIENCE)
            .build()?;
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(telemetry.sample)));
        let resource = Resource::builder()
            .with_service_name("railhead")
            .with_attribute(opentelemetry::KeyValue::new(
                "service.version",
                env!("CARGO_PKG_VERSION"),
            ))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(sampler)
            .with_resource(resource)
            .build();
        Ok(Some(Self(provider)))
    }

    /// What takes the spans.
    #[must_use]
    pub fn layer<S: Subscriber + for<'s> LookupSpan<'s>>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("railhead"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|about| about.is_span() && is_trace(about)))
    }

    /// Sends what is left.
    pub fn close(self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Is it about a span of this module?
#[must_use]
pub fn is_trace(about: &Metadata<'_>) -> bool {
    about.target() == TARGET
}

/// A request: a root, unless a trusted proxy named its parent in `headers`.
#[must_use]
pub fn request(
    method: &'static str,
    route: &str,
    request_id: &str,
    headers: Option<&HeaderMap>,
) -> Span {
    let span = info_span!(
        target: TARGET,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        railhead.request_id = request_id,
    );
    if let (Some(headers), false) = (headers, span.is_disabled()) {
        let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
        // Fails only where nothing is traced.
        let _ = span.set_parent(parent);
    }
    span
}

/// The request of `span` was answered.
pub fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// Work that goes on when the request that began it is answered, such as `exchange` or `refresh`.
#[must_use]
pub fn work(name: &'static str) -> Span {
    info_span!(target: TARGET, "work", otel.name = name)
}

/// A request to a service.
#[must_use]
pub fn outgoing(service: &str) -> Span {
    info_span!(
        target: TARGET,
        "outgoing",
        otel.name = format!("ask {service}"),
        otel.kind = "client",
        railhead.service = service,
        railhead.outcome = Empty,
    )
}

/// How the request of `span` to a service ended.
pub fn returned(span: &Span, outcome: &'static str) {
    span.record("railhead.outcome", outcome);
}

/// The way to the operator's collector. It may be anywhere in the operator's network, so it is not the guarded client.
#[derive(Clone, Debug)]
struct Collector {
    client: reqwest::Client,
    /// The exporter has a thread of its own, without one.
    runtime: Handle,
    failing: Arc<AtomicBool>,
}

impl Collector {
    #[expect(
        clippy::disallowed_methods,
        reason = "it asks only the operator's own collector"
    )]
    fn new(telemetry: &Telemetry, runtime: Handle) -> Result<Self, TraceError> {
        let mut headers = HeaderMap::new();
        if let Some(authorization) = &telemetry.authorization {
            let value = HeaderValue::from_str(authorization.expose_secret());
            let mut value = value.map_err(|_| TraceError::Authorization)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .map_err(TraceError::Client)?;
        Ok(Self {
            client,
            runtime,
            failing: Arc::default(),
        })
    }

    /// Says it once when the collector stops taking traces, and once when it takes them again.
    fn tell(&self, trouble: Option<String>) {
        let failed_before = self.failing.swap(trouble.is_some(), Ordering::Relaxed);
        match trouble {
            Some(trouble) if !failed_before => {
                tracing::warn!(trouble, "the collector does not take traces");
            }
            None if failed_before => tracing::info!("the collector takes traces again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let response = client.execute(request.try_into()?).await?;
            let status = response.status();
            // Nothing in the body is of use; a whole one leaves the connection free for the next.
            let _ = response.bytes().await?;
            Ok::<_, reqwest::Error>(status)
        });
        match sent.await? {
            Ok(status) => {
                let refused = !status.is_success();
                self.tell(refused.then(|| format!("it answers {status}")));
                Ok(Response::builder().status(status).body(Bytes::new())?)
            }
            Err(error) => {
                let error = error.without_url();
                self.tell(Some(crate::log::chain(&error)));
                Err(error.into())
            }
        }
    }
}
