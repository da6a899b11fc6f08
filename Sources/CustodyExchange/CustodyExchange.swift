// CustodyExchange
