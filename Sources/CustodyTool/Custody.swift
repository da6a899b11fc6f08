@main enum CustodyCommand { static func main() { print("custody") } }
