#include <algorithm>
#include <functional>

#include "endpoints.hpp"
#include "random.hpp"
#include "wire_records.hpp"

namespace metakocka::sim {
namespace {

constexpr std::size_t kMaxDocuments = 100;

using Condition = std::function<bool(const Ledger&, const Document&)>;

struct SearchType {
    std::string_view name;
    std::string_view label;
    std::string_view description;
};

constexpr SearchType kPartnerMkId{"partner_mk_id", "Partner", "Partner mk_id (for example : 1600002312)"};
constexpr SearchType kPartnerCode{"partner_code", "Partner", "Partner code (for example : 100)"};
constexpr SearchType kPartnerQuery{"partner_query", "Partner", "Subquery search over Item name"};
constexpr SearchType kPartnerTax{"partner_tax_num", "Partner",
                                 "Partner Tax number (for example : SI100200300)"};
constexpr SearchType kBuyerOrder{"buyer_order", "Naročilo kupca", "Buyer order (for example : NK-1)"};
constexpr SearchType kDateFrom{"doc_date_from", "Datum od", "Date (for example : 2018-10-05+02:00)"};
constexpr SearchType kDateTo{"doc_date_to", "Datum do", "Date (for example : 2018-10-05+02:00)"};
constexpr SearchType kPayment{"payment_status", "Plačano", "'true' or 'false'"};
constexpr SearchType kStatus{"status_id_list", "Status", "Status ids, -2 for none"};
constexpr SearchType kStatusList{"status_list", "Status", "Status names"};
constexpr SearchType kChangeFrom{"last_change_from", "Sprememba od", "Timestamp (2019-12-17T14:28:54+02:00)"};
constexpr SearchType kChangeTo{"last_change_to", "Sprememba do", "Timestamp (2019-12-17T14:28:54+02:00)"};

std::vector<SearchType> offered(const Ledger& ledger, DocType type) {
    std::vector<SearchType> types{kPartnerMkId, kPartnerCode, kPartnerQuery, kPartnerTax, kBuyerOrder};
    if (type == DocType::kOffer) return types;  // offers refuse dates
    types.insert(types.end(), {kDateFrom, kDateTo});
    if (is_bill(type)) types.insert(types.end(), {kPayment, kStatus});
    if (type == DocType::kOrder) types.push_back(kStatusList);
    const bool changes = type == DocType::kOrder || (is_bill(type) && ledger.options.bills_last_change);
    if (changes) types.insert(types.end(), {kChangeFrom, kChangeTo});
    return types;
}

Date filter_date(const std::string& value) {
    const auto date = parse_iso_date(std::string_view(value).substr(0, 10));
    if (!date || value.size() != 16) throw ApiError("2", "Not a valid date: " + value);
    return *date;
}

Instant filter_timestamp(const std::string& value) {
    const auto moment = parse_timestamp(value);
    if (!moment) throw ApiError("2", "Not a valid timestamp: " + value);
    return *moment;
}

std::string bare_tax(std::string_view text) {
    std::string result;
    for (const char c : folded(text)) {
        if (c != ' ') result += c;
    }
    return result;
}

// A test of the partner; documents whose partner is gone never match.
Condition partner_condition(std::function<bool(const Partner&)> accepts) {
    return [accepts = std::move(accepts)](const Ledger& ledger, const Document& document) {
        const auto* partner = ledger.find_partner(document.partner_id);
        return partner != nullptr && accepts(*partner);
    };
}

Condition condition(const Fields& entry) {
    const auto name = entry.required("type");
    const auto value = entry.text("value");
    if (name == "partner_mk_id") {
        return [id = entry.id("value").value_or(0)](auto&, const Document& d) { return d.partner_id == id; };
    }
    if (name == "partner_code") {
        return partner_condition([value](const Partner& p) { return p.count_code == value; });
    }
    if (name == "partner_query") {
        return partner_condition(
            [v = folded(value)](const Partner& p) { return contains_folded(p.customer, v); });
    }
    if (name == "partner_tax_num") {
        return partner_condition(
            [v = bare_tax(value)](const Partner& p) { return bare_tax(p.tax_number) == v; });
    }
    if (name == "buyer_order") return [value](auto&, const Document& d) { return d.buyer_order == value; };
    if (name == "doc_date_from")
        return [v = filter_date(value)](auto&, const Document& d) { return d.date >= v; };
    if (name == "doc_date_to")
        return [v = filter_date(value)](auto&, const Document& d) { return d.date <= v; };
    if (name == "payment_status") {
        if (value != "true" && value != "false")
            throw ApiError("2", "payment_status must be 'true' or 'false'.");
        return [paid = value == "true"](auto&, const Document& d) {
            return (d.payment_status() == "paid") == paid;
        };
    }
    if (name == "status_id_list" && value == "-2")
        return [](auto&, const Document& d) { return d.status_code.empty(); };
    if (name == "status_id_list" || name == "status_list") {
        return [list = split(value, ',')](auto&, const Document& d) {
            return std::find(list.begin(), list.end(), d.status_code) != list.end();
        };
    }
    if (name == "last_change_from") {
        return [v = filter_timestamp(value)](auto&, const Document& d) { return d.changed >= v; };
    }
    return
        [v = filter_timestamp(value)](auto&, const Document& d) { return d.changed <= v; };  // last_change_to
}

std::vector<Condition> conditions(const Ledger& ledger, DocType type, const Fields& body) {
    std::vector<Condition> result;
    const auto types = offered(ledger, type);
    for (const auto& entry : body.list("query_advance")) {
        const auto name = entry.required("type");
        const bool known = std::any_of(types.begin(), types.end(), [&](auto& t) { return t.name == name; });
        if (!known) {
            throw ApiError("2", "Query advance type '" + name + "' is not supported for " +
                                    std::string(doc_type_name(type)) + ".");
        }
        result.push_back(condition(entry));
    }
    if (const auto query = folded(body.text("query")); !query.empty()) {
        result.push_back([query](const Ledger& l, const Document& d) {
            if (contains_folded(d.count_code, query) || contains_folded(d.buyer_order, query)) return true;
            const auto* partner = l.find_partner(d.partner_id);
            return contains_folded(d.title, query) ||
                   (partner != nullptr && contains_folded(partner->customer, query));
        });
    }
    return result;
}

void order(const Call& call, DocType type, std::vector<const Document*>& found) {
    const auto& rule = call.ledger.options.document_order;
    const auto direction = type == DocType::kOrder ? call.body.text("order_direction") : std::string();
    if (direction == "desc" || (direction.empty() && rule == "newest"))
        std::reverse(found.begin(), found.end());
    if (!direction.empty() || rule != "unstable") return;
    const auto salt = mix(call.nonce);
    std::sort(found.begin(), found.end(), [salt](const Document* a, const Document* b) {
        return mix(a->mk_id ^ salt) < mix(b->mk_id ^ salt);
    });
}

DocType type_of(const Fields& body) {
    const auto name = body.required("doc_type");
    const auto type = doc_type_from(name);
    if (!type) throw ApiError("2", "Unknown doc_type '" + name + "'.");
    return *type;
}

// "purchase_product" and "sales_product" search the catalogue and answer in result_product.
std::string product_search(Call& call, bool sales) {
    const Page page = page_of(call, kMaxDocuments);
    const auto query = folded(call.body.text("query"));
    std::vector<const Product*> found;
    for (const auto& product : call.ledger.products) {
        if (!(sales ? product.sales : product.purchasing)) continue;
        if (query.empty() || contains_folded(product.name, query) || contains_folded(product.code, query)) {
            found.push_back(&product);
        }
    }
    const std::size_t first = std::min(page.first, found.size());
    const std::size_t count = std::min(page.limit, found.size() - first);
    JsonOut out;
    out.open('{').member("opr_code", "0").member("result_all_records", std::to_string(found.size()));
    out.member("result_count", std::to_string(count)).key("result_product").open('[');
    for (std::size_t i = 0; i < count; ++i) write_product(out, call.ledger, *found[first + i], {});
    out.close(']').close('}');
    return out.take();
}

void write_hit(JsonOut& out, const Call& call, const Document& document, bool whole) {
    if (whole) {
        write_document(out, call.ledger, document,
                       {call.body.is_true("show_payment_detail"), call.body.is_true("show_tax_factor")});
    } else {
        out.open('{').member("mk_id", std::to_string(document.mk_id)).member("opr_code", "0");
        out.member("count_code", document.count_code).close('}');
    }
}

}  // namespace

std::string search(Call& call) {
    const auto name = call.body.required("doc_type");
    if (name == "sales_product" || name == "purchase_product")
        return product_search(call, name == "sales_product");
    if (name == "complaint") throw ApiError("6", "No complaints found");  // instead of an empty list
    const DocType type = type_of(call.body);
    const auto accepted = conditions(call.ledger, type, call.body);
    std::vector<const Document*> found;
    for (const auto& document : call.ledger.documents) {
        if (document.type != type) continue;
        if (std::all_of(accepted.begin(), accepted.end(),
                        [&](auto& c) { return c(call.ledger, document); })) {
            found.push_back(&document);
        }
    }
    order(call, type, found);
    const Page page = page_of(call, kMaxDocuments);
    const std::size_t first = std::min(page.first, found.size());
    const std::size_t count = std::min(page.limit, found.size() - first);
    const bool whole = call.body.text("result_type") == "doc";
    JsonOut out;
    out.reserve(128 + count * (whole ? 3000 : 80));
    out.open('{').member("opr_code", "0").member("opr_time_ms", "185");
    out.member("result_all_records", std::to_string(found.size()))
        .member("result_count", std::to_string(count));
    out.member("offset", std::to_string(page.offset)).member("limit", std::to_string(page.limit));
    if (count == 1 && call.ledger.options.quirks) {
        out.key("result");
        write_hit(out, call, *found[first], whole);
    } else if (count > 0) {
        out.key("result").open('[');
        for (std::size_t i = 0; i < count; ++i) write_hit(out, call, *found[first + i], whole);
        out.close(']');
    } else if (call.nonce % 3 != 0) {
        out.key("result").raw(call.nonce % 3 == 1 ? "\"\"" : "null");
    }
    out.close('}');
    return out.take();
}

std::string search_query_advance_discovery(Call& call) {
    const auto only = call.body.text("doc_type");
    JsonOut out;
    out.open('{');
    for (std::size_t i = 0; i < kDocTypeNames.size(); ++i) {
        if (!only.empty() && only != kDocTypeNames[i]) continue;
        out.key(kDocTypeNames[i]).open('[');
        for (const auto& type : offered(call.ledger, static_cast<DocType>(i))) {
            out.open('{').member("value_desc", type.description).member("label", type.label);
            out.member("type", type.name).close('}');
        }
        out.close(']');
    }
    out.close('}');
    return out.take();
}

}  // namespace metakocka::sim
