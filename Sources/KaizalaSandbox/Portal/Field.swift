/// A labelled input of a form.
struct Field {
  enum Kind {
    case text, email, phone, pin

    fileprivate var attributes: HTML {
      switch self {
      case .text: "type=\"text\" maxlength=\"100\""
      case .email: "type=\"email\" autocomplete=\"email\""
      case .phone: "type=\"tel\" autocomplete=\"tel\""
      case .pin: "type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\""
      }
    }
  }

  let name: String
  let label: String
  var kind = Kind.text
  var value = ""
  var hint = ""

  var html: HTML {
    let hintID = "\(name)-hint"
    let input: HTML = "id=\"\(name)\" name=\"\(name)\" value=\"\(value)\" \(kind.attributes) required"
    return hint.isEmpty
      ? "<p class=\"field\"><label for=\"\(name)\">\(label)</label><input \(input)></p>"
      : """
      <p class="field"><label for="\(name)">\(label)</label>
      <input \(input) aria-describedby="\(hintID)"><small id="\(hintID)">\(hint)</small></p>
      """
  }
}
