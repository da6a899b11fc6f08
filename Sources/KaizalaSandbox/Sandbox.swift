@main enum Sandbox { static func main() { print("sandbox") } }
