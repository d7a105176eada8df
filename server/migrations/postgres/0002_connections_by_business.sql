-- Of a business: its connections, and until when the last of them is authorized.
CREATE INDEX connections_business ON connections (business_id, status, expires_at);
