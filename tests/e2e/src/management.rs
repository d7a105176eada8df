//! The customer's server: reads connections and credentials with an API key.

use crate::http_client;
use anyhow::{Context, Result, ensure};
use railhead_protocol::{Connection, ConnectionPage, Credentials, MintedSession};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The Management API with one API key.
#[derive(Clone, Debug)]
pub struct Management {
    base: String,
    key: String,
}

impl Management {
    /// Speaks to the server at `base` with `key`.
    #[must_use]
    pub fn new(base: &str, key: &str) -> Self {
        Self {
            base: base.to_owned(),
            key: key.to_owned(),
        }
    }

    /// The connections of the business, newest first.
    pub async fn connections_of(&self, business_name: &str) -> Result<Vec<Connection>> {
        let page: ConnectionPage = self
            .get("/v1/connections", &[("businessName", business_name)])
            .await?;
        Ok(page.data)
    }

    /// All connections that the key may see.
    pub async fn connections(&self) -> Result<Vec<Connection>> {
        let page: ConnectionPage = self.get("/v1/connections", &[]).await?;
        Ok(page.data)
    }

    /// One connection.
    pub async fn connection(&self, id: &str) -> Result<Connection> {
        self.get(&format!("/v1/connections/{id}"), &[]).await
    }

    /// The connection's access token, fresh.
    pub async fn credentials(&self, id: &str) -> Result<Credentials> {
        self.get(&format!("/v1/connections/{id}/credentials"), &[])
            .await
    }

    /// Changes settings of a widget.
    pub async fn change_widget(&self, id: &str, settings: &Value) -> Result<()> {
        let path = format!("/v1/widgets/{id}");
        let answer = http_client()?
            .patch(format!("{}{path}", self.base))
            .bearer_auth(&self.key)
            .json(settings)
            .send()
            .await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path} answered {status}: {text}");
        Ok(())
    }

    /// A session for a page of `origin`.
    pub async fn mint_session(
        &self,
        widget_id: &str,
        business: &str,
        origin: &str,
    ) -> Result<MintedSession> {
        let answer = http_client()?
            .post(format!("{}/v1/sessions", self.base))
            .bearer_auth(&self.key)
            .json(&json!({ "widgetId": widget_id, "businessName": business, "origin": origin }))
            .send()
            .await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(
            status.is_success(),
            "/v1/sessions answered {status}: {text}"
        );
        Ok(serde_json::from_str(&text)?)
    }

    /// Ends a session.
    pub async fn end_session(&self, id: &str) -> Result<()> {
        let path = format!("/v1/sessions/{id}");
        let answer = http_client()?
            .delete(format!("{}{path}", self.base))
            .bearer_auth(&self.key)
            .send()
            .await?;
        ensure!(
            answer.status().is_success(),
            "{path} answered {}",
            answer.status()
        );
        Ok(())
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T> {
        let answer = http_client()?
            .get(format!("{}{path}", self.base))
            .query(query)
            .bearer_auth(&self.key)
            .send()
            .await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path} answered {status}: {text}");
        serde_json::from_str(&text).with_context(|| format!("{path} answered {text}"))
    }
}
