-- When a connection's refresh token is to be used though nobody asks for an access token, and which server is at it.
ALTER TABLE connections ADD COLUMN next_refresh_at BIGINT;
ALTER TABLE connections ADD COLUMN refresh_claimed_until BIGINT;
-- How often in a row the service gave no tokens, until when it is left alone, and what readers are told until then.
ALTER TABLE connections ADD COLUMN refresh_failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN refresh_held_until BIGINT;
ALTER TABLE connections ADD COLUMN refresh_failure_code TEXT;
-- When the workspace is told next that the authorization runs out, and when the connection ended.
ALTER TABLE connections ADD COLUMN next_notice_at BIGINT;
ALTER TABLE connections ADD COLUMN ended_at BIGINT;

UPDATE connections SET next_refresh_at = authorized_at, next_notice_at = expires_at - 2592000000
WHERE status = 'active';

CREATE INDEX connections_refresh ON connections (next_refresh_at) WHERE status = 'active';
CREATE INDEX connections_notice ON connections (next_notice_at) WHERE status = 'active';
CREATE INDEX connections_end ON connections (expires_at) WHERE status = 'active';
CREATE INDEX connections_over ON connections (expires_at)
    WHERE status IN ('disconnected', 'expired', 'invalid', 'superseded') AND sealed_credentials IS NOT NULL;
