//! What `docs/WEBHOOKS.md` says is what is sent.
