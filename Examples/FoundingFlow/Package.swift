// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as an adopter's is. `traits: []` leaves out the command and what only the command needs.
let package = Package(
  name: "FoundingFlow",
  dependencies: [.package(name: "custody", path: "../..", traits: [])],
  targets: [
    .executableTarget(
      name: "FoundingFlow", dependencies: [.product(name: "Custody", package: "custody")],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
  ]
)
