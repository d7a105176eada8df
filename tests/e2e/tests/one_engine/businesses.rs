//! Whose connection it is: named businesses, nameless ones, and those that come back.

use anyhow::{Context, ensure};
use railhead_e2e::{HostWidget, Name, Role, scenario};
use railhead_protocol::BusinessName;
use serde_json::json;

#[tokio::test]
async fn names_a_business_that_the_page_does_not_name() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let nameless = HostWidget {
            business: None,
            ..stage.sandbox_widget("", json!({}))
        };
        stage.open_page(vec![nameless]).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        let connect = browser.event("connect").await?;
        let name = connect["businessName"]
            .as_str()
            .context("no businessName")?;
        ensure!(
            BusinessName::parse(name).is_ok(),
            "{name:?} breaks the rules"
        );
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of(name)
            .await?;
        ensure!(connections.len() == 1, "{connections:?}");
        ensure!(
            connect["businessUuid"] == connections[0].business_uuid.as_str(),
            "{connect}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keeps_the_connection_id_when_the_business_authorizes_again() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let mut ids = vec![];
        for chip in [None, Some("Connected")] {
            stage.open_widget("Harbor Coffee Ltd").await?;
            if let Some(chip) = chip {
                let tile = format!("QuickBooks Online {chip}");
                browser.find(Role::Option, Name::Is(&tile)).await?;
            }
            browser.go_to_service("QuickBooks Online").await?;
            browser.connect_as("alice").await?;
            let connect = browser.event("connect").await?;
            ids.push(connect["connectionId"].clone());
            browser.popup_closes().await?;
        }
        ensure!(ids[0] == ids[1], "{ids:?}");
        let lender = stage.management("sandbox").await?;
        let connections = lender.connections_of("Harbor Coffee Ltd").await?;
        ensure!(connections.len() == 1, "{connections:?}");
        ensure!(
            connections[0].authorized_at >= connections[0].created_at,
            "{connections:?}"
        );
        let credentials = lender.credentials(&connections[0].connection_id).await?;
        stage
            .provider
            .who_is("quickbooks_online", &credentials.access_token)
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keeps_the_connections_of_two_businesses_apart() {
    scenario(async |stage| {
        let browser = &stage.browser;
        for name in ["Harbor Coffee Ltd", "Quayside Events LLP"] {
            stage.open_widget(name).await?;
            browser.go_to_service("QuickBooks Online").await?;
            browser.connect_as("alice").await?;
            browser.popup_closes().await?;
        }
        let lender = stage.management("sandbox").await?;
        let first = lender.connections_of("Harbor Coffee Ltd").await?;
        let second = lender.connections_of("Quayside Events LLP").await?;
        ensure!(
            first.len() == 1 && second.len() == 1,
            "{first:?} {second:?}"
        );
        ensure!(
            first[0].connection_id != second[0].connection_id,
            "one connection for two businesses"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keeps_two_services_of_one_business() {
    scenario(async |stage| {
        let browser = &stage.browser;
        for service in ["QuickBooks Online", "Xero"] {
            stage.open_widget("Harbor Coffee Ltd").await?;
            browser.go_to_service(service).await?;
            browser.connect_as("alice").await?;
            browser.popup_closes().await?;
        }
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        let mut services: Vec<_> = connections
            .iter()
            .map(|connection| connection.service_name.as_str())
            .collect();
        services.sort_unstable();
        ensure!(services == ["quickbooks_online", "xero"], "{services:?}");
        Ok(())
    })
    .await;
}
