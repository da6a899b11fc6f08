// CustodyJSON
