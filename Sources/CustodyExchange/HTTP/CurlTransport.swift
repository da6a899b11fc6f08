internal import CCurl
internal import CZlib
internal import CustodySecrets
internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// HTTP by libcurl. The reply goes straight into guarded memory, and the buffers of libcurl and zlib are wiped (see
/// CCurl.c and CZlib.c). Buffers of OpenSSL and of the kernel are out of reach.
package struct CurlTransport: HTTPTransport {
  /// True if libcurl can be opened on this machine.
  package static var isThere: Bool { ccurl_is_there() == 1 }

  /// Longest time for name lookup, connection and TLS together, in milliseconds.
  private static let connectMilliseconds = 10_000

  /// Beats about once a second while a request is under way.
  private let pulse: Pulse?

  package init(pulse: Pulse? = nil) { self.pulse = pulse }

  package var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  package func send(_ request: borrowing HTTPRequest) throws(TransportError) -> HTTPReply {
    do {
      var room = try SecureBytes(count: request.limits.mostBytes)
      var reply = ccurl_reply()
      let code = perform(request, into: &room, reply: &reply)
      guard code == 0 else { throw Self.failure(code, reply) }
      var received = HTTPReply(
        status: reply.status, body: try Self.inflated(room.slice(0..<reply.count), request.limits.mostBytes))
      unsafe withUnsafePointer(to: reply) {
        received.location = unsafe String(cString: ccurl_location($0))
        received.retryAfter = unsafe String(cString: ccurl_retry_after($0))
        received.contentType = unsafe String(cString: ccurl_content_type($0))
        received.date = unsafe String(cString: ccurl_date($0))
      }
      return received
    } catch let error as TransportError {
      throw error
    } catch {
      throw TransportError(.noMemory)
    }
  }

  /// The body, decompressed if it is gzip: a server may compress unasked (RFC 9110, section 12.5.3). The size limit is
  /// for the result.
  private static func inflated(_ body: consuming SecureBytes, _ mostBytes: Int) throws -> SecureBytes {
    guard body.byte(at: 0) == 0x1F, body.byte(at: 1) == 0x8B else { return body }
    var room = try SecureBytes(count: mostBytes)
    let count = unsafe room.withUnsafeMutableBytes { room in
      unsafe body.withUnsafeBytes { body in
        unsafe czlib_inflate_all(body.baseAddress, body.count, room.baseAddress, room.count)
      }
    }
    guard count != Int(CZLIB_TOO_LARGE) else { throw TransportError(.tooLarge, mayHaveArrived: true) }
    return count < 0 ? body : try room.slice(0..<count)
  }

  private func perform(
    _ request: borrowing HTTPRequest, into room: inout SecureBytes, reply: inout ccurl_reply
  ) -> Int32 {
    var call = unsafe ccurl_request()
    unsafe call.connect_timeout_ms = min(request.limits.milliseconds, Self.connectMilliseconds)
    unsafe call.total_timeout_ms = request.limits.milliseconds
    unsafe call.loopback = request.endpoint.isLoopback ? 1 : 0
    if let pulse {
      unsafe call.beat = { unsafe $0.map { unsafe Unmanaged<Pulse>.fromOpaque($0).takeUnretainedValue().beat() } }
      unsafe call.may_send = {
        unsafe $0.map { unsafe Unmanaged<Pulse>.fromOpaque($0).takeUnretainedValue().isUnbroken() } == false ? 0 : 1
      }
      unsafe call.beat_context = unsafe Unmanaged.passUnretained(pulse).toOpaque()
    }
    defer { withExtendedLifetime(pulse) {} }
    let texts = Texts(
      url: request.endpoint.text, method: request.method, agent: "custody/" + Release.version,
      caFile: request.limits.caFile)
    return unsafe room.withUnsafeMutableBytes { room in
      unsafe request.headers.withUnsafeBytes { headers in
        unsafe request.body.withUnsafeBytes { body in
          unsafe call.reply = room.baseAddress
          unsafe call.capacity = room.count
          unsafe call.header_lines = headers.baseAddress?.assumingMemoryBound(to: CChar.self)
          unsafe call.body = body.isEmpty ? nil : body.baseAddress
          unsafe call.body_count = body.count
          return unsafe texts.perform(&call, &reply)
        }
      }
    }
  }

  /// The strings of a call. Swift strings have no lasting address, so they are lent for its length.
  private struct Texts {
    let url, method, agent: String
    let caFile: String?

    func perform(_ call: inout ccurl_request, _ reply: inout ccurl_reply) -> Int32 {
      unsafe url.withCString { url in
        unsafe method.withCString { method in
          unsafe agent.withCString { agent in
            unsafe (caFile ?? "").withCString { authority in
              unsafe (call.url, call.method, call.user_agent) = unsafe (url, method, agent)
              unsafe call.ca_file = caFile == nil ? nil : authority
              return unsafe ccurl_perform(&call, &reply)
            }
          }
        }
      }
    }
  }

  /// The error for a CURLcode; its numbers are part of libcurl's binary interface.
  private static func failure(_ code: Int32, _ reply: ccurl_reply) -> TransportError {
    let words = unsafe withUnsafePointer(to: reply) { unsafe String(cString: ccurl_error($0)) }
    let sent = reply.sent != 0
    let kind: TransportError.Kind =
      switch code {
      case Int32(CCURL_NO_LIBRARY), Int32(CCURL_REFUSED_OPTION): .noLibrary
      case _ where reply.too_large != 0: .tooLarge
      // A header line for which libcurl has no room.
      case 27, 100: sent ? .tooLarge : .noMemory
      case 28: .timedOut
      case _ where sent: .lost
      case 5, 97: .proxy
      // 502 and 504 mean that the proxy itself did not get through.
      case _ where 300...499 ~= reply.proxy_status || reply.proxy_status < 0: .proxy
      case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98: .tls
      default: .unreachable
      }
    return TransportError(kind, mayHaveArrived: sent, words: words)
  }
}
