// The calls this module makes, with what metakocka-api.md §1 and §2 say of each.
#pragma once

#include <string_view>

#include "api/connection.hpp"

namespace metakocka::api {

enum class Lane {
    kScan,    // the server runs a company's scans strictly one after another
    kDirect,  // cheap: one document, one partner
};

struct Endpoint {
    std::string_view name;
    PathFamily family;
    Lane lane;
    bool idempotent;             // may be sent again when the answer was lost; no write may
    std::string_view member;     // that an answer holds: the rows, or what a write made
    bool may_lack_code = false;  // success may come without opr_code
};

inline constexpr Endpoint kProductList{"product_list", PathFamily::kJson, Lane::kScan, true, "product_list"};
inline constexpr Endpoint kWarehouseList{"warehouse_list", PathFamily::kJson, Lane::kDirect, true,
                                         "warehouse_list"};
inline constexpr Endpoint kWarehouseStock{"warehouse_stock", PathFamily::kJson, Lane::kScan, true,
                                          "stock_list"};
inline constexpr Endpoint kSearch{"search", PathFamily::kPlain, Lane::kScan, true, "result"};
inline constexpr Endpoint kDiscovery{
    "search_query_advance_discovery", PathFamily::kPlain, Lane::kDirect, true, "", true};
inline constexpr Endpoint kGetDocument{"get_document", PathFamily::kPlain, Lane::kDirect, true, ""};
inline constexpr Endpoint kGetPartner{"get_partner", PathFamily::kPlain, Lane::kDirect,
                                      true,          "partner_list",     true};
inline constexpr Endpoint kAddPartner{"add_partner", PathFamily::kPlain, Lane::kDirect, false, "mk_id", true};
inline constexpr Endpoint kUpdatePartner{
    "update_partner", PathFamily::kPlain, Lane::kDirect, false, "partner_list", true};
inline constexpr Endpoint kProductAdd{"product_add", PathFamily::kJson, Lane::kDirect, false, "mk_id"};
inline constexpr Endpoint kProductUpdate{"product_update", PathFamily::kJson, Lane::kDirect, false, "mk_id"};

}  // namespace metakocka::api
