#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "ledger.hpp"

namespace metakocka::sim {

struct Webhook {
    std::string url, secret, user, password;
    std::string id;  // X-MetaKocka-Id; made up when empty, given to send the same event twice
    std::vector<MkId> product_ids;
    std::string body;
};

// The body of warehouse_product_stock_update: every active warehouse of each product, one row per lot.
std::string stock_event(const Ledger& ledger, const std::vector<MkId>& product_ids);

// Base64(HMAC-SHA1(body, secret)).
std::string webhook_signature(const std::string& body, const std::string& secret);

// Sends it once: {status, body, accepted}. Accepts any certificate, as the receiver under test is local.
boost::json::object send_webhook(const Webhook& webhook);

}  // namespace metakocka::sim
