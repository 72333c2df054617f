#pragma once

#include <string>
#include <string_view>

#include "ledger.hpp"
#include "request.hpp"

namespace metakocka::sim {

struct Call {
    Ledger& ledger;
    Fields body;
    std::size_t shift = 0;    // rows the list moved since the first page (a fault)
    std::uint64_t nonce = 0;  // differs at every call: drives the unstable orders
    MkId written = 0;         // what a write made or changed
};

using EndpointFunction = std::string (*)(Call&);

struct Endpoint {
    std::string_view path;  // below /rest/eshop/v1/
    EndpointFunction run;
    bool scans;  // waits for the company's other scans
    bool writes;
};

// Nothing when no such endpoint exists at this path (the wrong family included).
const Endpoint* find_endpoint(std::string_view path);

std::string product_list(Call& call);
std::string product_add(Call& call);
std::string product_update(Call& call);
std::string product_delete(Call& call);
std::string warehouse_list(Call& call);
std::string warehouse_stock(Call& call);
std::string source_stock(Call& call);
std::string search(Call& call);
std::string search_query_advance_discovery(Call& call);
std::string get_document(Call& call);
std::string put_document(Call& call);
std::string update_document(Call& call);
std::string delete_document(Call& call);
std::string put_transaction(Call& call);
std::string get_partner(Call& call);
std::string add_partner(Call& call);
std::string update_partner(Call& call);

// {"opr_code":"0",…} with what a write tells.
std::string written_answer(MkId id, std::string_view count_code);
std::string refusal(std::string_view code, std::string_view text);

// The window of a page, after a "shift" fault.
struct Page {
    std::size_t offset, limit, first;
};
Page page_of(const Call& call, std::size_t maximum);

}  // namespace metakocka::sim
