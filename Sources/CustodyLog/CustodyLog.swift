// CustodyLog
