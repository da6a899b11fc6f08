import Foundation

/// Synthetic tokens in the shapes of real providers' tokens.
enum SyntheticJWT {
  static let signature = "c3ludGhldGlj"

  static func make(_ claims: String) -> String {
    [#"{"alg":"HS256","typ":"JWT"}"#, claims].map { text in
      Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }.joined(separator: ".") + "." + signature
  }

  /// A token in Kaizala's form, with the holder in a JSON text within the JSON. Times are in seconds since 1970.
  static func kaizala(connector: String, issued: Int64, expires: Int64, phone: String = "+15550100") -> String {
    let credentials = #"{\"phoneNumber\":\"\#(phone)\",\"cId\":\"\",\"applicationId\":\"\#(connector)\"}"#
    return make(
      #"{"urn:microsoft:credentials":"\#(credentials)","uid":"MobileAppsService:00000000@1","ver":"2","#
        + #""nbf":\#(issued),"exp":\#(expires),"iat":\#(issued),"iss":"urn:microsoft:windows-azure:zumo"}"#)
  }
}
