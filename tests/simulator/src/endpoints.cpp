#include "endpoints.hpp"

#include <algorithm>
#include <array>

#include "json_out.hpp"

namespace metakocka::sim {

const Endpoint* find_endpoint(std::string_view path) {
    static constexpr std::array kEndpoints{
        Endpoint{"json/product_list", product_list, true, false},
        Endpoint{"json/product_add", product_add, false, true},
        Endpoint{"json/product_update", product_update, false, true},
        Endpoint{"json/product_delete", product_delete, false, true},
        Endpoint{"json/warehouse_list", warehouse_list, false, false},
        Endpoint{"json/warehouse_stock", warehouse_stock, true, false},
        Endpoint{"source_stock", source_stock, true, false},
        Endpoint{"search", search, true, false},
        Endpoint{"search_query_advance_discovery", search_query_advance_discovery, false, false},
        Endpoint{"get_document", get_document, false, false},
        Endpoint{"put_document", put_document, false, true},
        Endpoint{"update_document", update_document, false, true},
        Endpoint{"delete_document", delete_document, false, true},
        Endpoint{"put_transaction", put_transaction, false, true},
        Endpoint{"get_partner", get_partner, false, false},
        Endpoint{"add_partner", add_partner, false, true},
        Endpoint{"update_partner", update_partner, false, true},
    };
    const auto* at = std::find_if(kEndpoints.begin(), kEndpoints.end(),
                                  [path](const Endpoint& e) { return e.path == path; });
    return at == kEndpoints.end() ? nullptr : at;
}

std::string written_answer(MkId id, std::string_view count_code) {
    JsonOut out;
    out.open('{').member("opr_code", "0").member("opr_time_ms", "33");
    out.member("mk_id", std::to_string(id)).member("count_code", count_code).close('}');
    return out.take();
}

std::string refusal(std::string_view code, std::string_view text) {
    JsonOut out;
    out.open('{').member("opr_code", code).member("opr_time_ms", "3").member("opr_desc", text);
    // Application rules say it twice, as the real server does.
    if (code == "6" || code == "8") out.member("opr_desc_app", text).member("opr_code_app", code);
    out.close('}');
    return out.take();
}

Page page_of(const Call& call, std::size_t maximum) {
    Page page{};
    page.offset = call.body.size("offset", 0);
    page.limit = std::min(call.body.size("limit", maximum), maximum);
    page.first = page.offset == 0 ? 0 : page.offset + call.shift;
    return page;
}

}  // namespace metakocka::sim
