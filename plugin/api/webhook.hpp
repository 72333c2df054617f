// What Metakocka sends by itself (metakocka-api.md §8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace metakocka::api {

inline constexpr std::string_view kStockEvent = "warehouse_product_stock_update";
// What Metakocka must be answered, in the older and the newer spelling of its texts; otherwise it sends
// again.
inline constexpr std::string_view kAccepted = R"({"check_respond_status_json_ok":"true","status":"ok"})";

// Whether `signature` is Base64(HMAC-SHA1(body)) under `secret`. Takes as long whatever is wrong with it.
bool is_signed(std::string_view secret, std::string_view body, std::string_view signature);

// The products (mk_id, each once) that a stock event is about. Throws std::invalid_argument, with a text for
// people, when the body is no such event.
std::vector<std::string> products_of_stock_event(std::string_view body);

}  // namespace metakocka::api
