// The presets as they would stand in a file. A dagger marks what was not read at its source; each is dated because providers
// change their pages, and their minds.
extension Preset {
  static let kaizala = #"""
    {
      "id": "kaizala",
      "title": "Microsoft Kaizala (retired 2023-08-31)",
      "sources": "MicrosoftDocs/kaizala-docs Articles/connectors/Tokens.md, API.md; PankajMS1987/Kaizala-API-DLL Util/ErrorConstant.cs",
      "date": "2026-11-23",
      "doubts": [
        "HTTP statuses of refusals are not documented, and there is no live service to ask",
        "whether Unauthenticated means the connector or the token: taken as the connector †",
        "whether a late new token kills the old one at once",
        "whether a 308 names the full URL of the call: taken as the full URL"
      ],
      "method": "GET",
      "url": "https://api.kaiza.la/v1/accessToken",
      "hosts": ["*.kaiza.la", "*.osi.office.net"],
      "follows_308": true,
      "body": "none",
      "sends": {
        "connector_id": "header:applicationId",
        "connector_secret": "header:applicationSecret",
        "refresh_token": "header:refreshToken",
        "fixed": {"header:Accept": "application/json"}
      },
      "reply": {
        "access_token": "accessToken",
        "refresh_token": "refreshToken",
        "expiry": "accessTokenExpiry",
        "expiry_unit": "milliseconds",
        "expiry_kind": "absolute",
        "scope": "scope",
        "scope_separator": ",",
        "api_base": "endpointUrl"
      },
      "errors": {
        "code": "errorCode",
        "description": "message",
        "classes": {
          "InvalidToken": "refused",
          "Unauthenticated": "client",
          "InvalidParameters": "request"
        }
      },
      "rotation": "late",
      "old_token": "unknown",
      "lifetimes": {"refresh_days": 365, "renew_from_days": 328, "access_seconds": 86400},
      "tokens": {
        "jwt": true,
        "connector_claim": ["urn:microsoft:credentials", "applicationId"],
        "access_seconds": 90000
      },
      "retiring": [
        "generate a new token for the same connector in the portal: that kills this one",
        "or delete the connector",
        "deactivating the connector kills no token"
      ]
    }
    """#

  static let entra = #"""
    {
      "id": "entra",
      "title": "Microsoft Entra ID (v2.0)",
      "sources": "learn.microsoft.com/entra/identity-platform: refresh-tokens, reference-error-codes",
      "date": "2026-11-23",
      "doubts": ["access tokens live 60 to 90 minutes †", "single-page apps: 24 hours fixed instead of 90 days sliding"],
      "method": "POST",
      "url": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
      "hosts": ["login.microsoftonline.com"],
      "body": "form",
      "sends": {
        "connector_id": "form:client_id",
        "connector_secret": "form:client_secret",
        "refresh_token": "form:refresh_token",
        "scope": "form:scope",
        "fixed": {"header:Accept": "application/json", "form:grant_type": "refresh_token"}
      },
      "reply": {
        "access_token": "access_token",
        "refresh_token": "refresh_token",
        "token_type": "token_type",
        "expiry": "expires_in",
        "expiry_unit": "seconds",
        "expiry_kind": "relative",
        "scope": "scope"
      },
      "errors": {
        "code": "error",
        "description": "error_description",
        "classes": {
          "invalid_grant": "refused",
          "interaction_required": "refused",
          "invalid_client": "client",
          "unauthorized_client": "client",
          "invalid_request": "request",
          "invalid_scope": "request",
          "invalid_resource": "request",
          "temporarily_unavailable": "provider"
        }
      },
      "rotation": "always",
      "old_token": "valid",
      "lifetimes": {"idle_days": 90}
    }
    """#

  static let google = #"""
    {
      "id": "google",
      "title": "Google",
      "sources": "unified.to/blog/why_google_oauth_returns; openillumi.com; googleapis/google-api-nodejs-client PR 2553",
      "date": "2026-11-23",
      "doubts": [
        "no primary page was read †",
        "7 days instead where the consent screen is External and Testing",
        "more than 100 live tokens per account and client: the oldest dies in silence"
      ],
      "method": "POST",
      "url": "https://oauth2.googleapis.com/token",
      "hosts": ["oauth2.googleapis.com"],
      "body": "form",
      "sends": {
        "connector_id": "form:client_id",
        "connector_secret": "form:client_secret",
        "refresh_token": "form:refresh_token",
        "scope": "form:scope",
        "fixed": {"header:Accept": "application/json", "form:grant_type": "refresh_token"}
      },
      "reply": {
        "access_token": "access_token",
        "refresh_token": "refresh_token",
        "token_type": "token_type",
        "expiry": "expires_in",
        "expiry_unit": "seconds",
        "expiry_kind": "relative",
        "scope": "scope"
      },
      "errors": {
        "code": "error",
        "description": "error_description",
        "classes": {
          "invalid_grant": "refused",
          "invalid_rapt": "refused",
          "invalid_client": "client",
          "unauthorized_client": "client",
          "deleted_client": "client",
          "invalid_request": "request",
          "invalid_scope": "request"
        }
      },
      "rotation": "never",
      "old_token": "valid",
      "lifetimes": {"idle_days": 180}
    }
    """#

  static let salesforce = #"""
    {
      "id": "salesforce",
      "title": "Salesforce",
      "sources": "help.salesforce.com 005316711, remoteaccess_oauth_refresh_token_flow; NangoHQ/nango issue 327",
      "date": "2026-11-23",
      "doubts": [
        "the organisation's admin sets how long refresh tokens live and whether they rotate",
        "error codes beyond invalid_grant †",
        "force.com as a host of instances †"
      ],
      "method": "POST",
      "url": "https://login.salesforce.com/services/oauth2/token",
      "hosts": ["*.salesforce.com"],
      "body": "form",
      "sends": {
        "connector_id": "form:client_id",
        "connector_secret": "form:client_secret",
        "refresh_token": "form:refresh_token",
        "scope": "form:scope",
        "fixed": {"header:Accept": "application/json", "form:grant_type": "refresh_token"}
      },
      "reply": {
        "access_token": "access_token",
        "refresh_token": "refresh_token",
        "token_type": "token_type",
        "scope": "scope",
        "api_base": "instance_url",
        "api_hosts": ["*.salesforce.com", "*.force.com"]
      },
      "errors": {
        "code": "error",
        "description": "error_description",
        "classes": {
          "invalid_grant": "refused",
          "inactive_user": "refused",
          "inactive_org": "refused",
          "invalid_client": "client",
          "invalid_client_id": "client",
          "unauthorized_client": "client",
          "invalid_request": "request",
          "invalid_scope": "request",
          "rate_limit_exceeded": "throttled"
        }
      },
      "rotation": "optional",
      "old_token": "dead"
    }
    """#

  static let oauth2 = oauth2Text(
    id: "oauth2", title: "OAuth 2.0, client_secret_basic", connectorID: "basic:user", secret: "basic:password")

  static let oauth2Post = oauth2Text(
    id: "oauth2-post", title: "OAuth 2.0, client_secret_post", connectorID: "form:client_id",
    secret: "form:client_secret")

  /// Any provider that keeps to RFC 6749: the connector names its token URL.
  private static func oauth2Text(id: String, title: String, connectorID: String, secret: String) -> String {
    #"""
    {
      "id": "\#(id)",
      "title": "\#(title)",
      "sources": "RFC 6749 sections 2.3.1, 5.1, 5.2 and 6",
      "date": "2026-11-23",
      "doubts": ["rotation and lifetimes are the provider's"],
      "method": "POST",
      "hosts": ["*"],
      "body": "form",
      "sends": {
        "connector_id": "\#(connectorID)",
        "connector_secret": "\#(secret)",
        "refresh_token": "form:refresh_token",
        "scope": "form:scope",
        "fixed": {"header:Accept": "application/json", "form:grant_type": "refresh_token"}
      },
      "reply": {
        "access_token": "access_token",
        "refresh_token": "refresh_token",
        "token_type": "token_type",
        "expiry": "expires_in",
        "expiry_unit": "seconds",
        "expiry_kind": "relative",
        "scope": "scope"
      },
      "errors": {
        "code": "error",
        "description": "error_description",
        "success": "ok",
        "classes": {
          "invalid_grant": "refused",
          "invalid_client": "client",
          "unauthorized_client": "client",
          "invalid_request": "request",
          "invalid_scope": "request",
          "unsupported_grant_type": "request",
          "temporarily_unavailable": "provider",
          "server_error": "provider"
        }
      },
      "rotation": "optional",
      "old_token": "unknown"
    }
    """#
  }
}
