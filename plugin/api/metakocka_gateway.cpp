#include "api/metakocka_gateway.hpp"

#include <algorithm>
#include <charconv>

#include "api/ledger_day.hpp"
#include "model/calendar.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;
using sync::ErpError;
using sync::ErpErrorClass;

std::optional<std::uint64_t> count_in(const json::object& answer, std::string_view name) {
    const Value text = scalar_or_null(answer, name);
    if (!text) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return value;
}

// A short page is the last one; the server may have lowered the limit and then says so.
bool is_short(const json::object& answer, std::size_t rows, std::uint32_t asked) {
    const std::uint64_t limit = count_in(answer, "limit").value_or(asked);
    return rows < std::min<std::uint64_t>(limit == 0 ? asked : limit, asked);
}

json::object page_parameters(json::object parameters, std::uint64_t offset, std::uint32_t limit) {
    parameters["offset"] = std::to_string(offset);
    parameters["limit"] = std::to_string(limit);
    return parameters;
}

json::object filter(std::string_view type, const std::string& value) {
    return {{"type", json::string_view(type.data(), type.size())}, {"value", value}};
}

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

MetakockaGateway::MetakockaGateway(const Connection& connection, std::shared_ptr<Company> company,
                                   Waiter& waiter, sync::Clock& clock, Jitter jitter,
                                   const RetryPolicy& policy, const TransportOptions& options,
                                   bool read_ahead)
    : company_(std::move(company)),
      clock_(clock),
      caller_(connection, company_, waiter, std::move(jitter), policy, options),
      read_ahead_(read_ahead) {}

Caller& MetakockaGateway::caller() {
    ahead_.settle();
    return caller_;
}

sync::CallStats MetakockaGateway::stats() const {
    return ahead_.reading() ? stats_before_ahead_ : caller_.stats();
}

MetakockaGateway::PageRequest MetakockaGateway::products_request(std::uint64_t offset, std::uint32_t limit,
                                                                 const Value& pricelist) {
    pricelist_ = pricelist;
    return {.bills = {},
            .pricelist = pricelist,
            .day = ledger_day(clock_.now()),
            .offset = offset,
            .limit = std::min(limit, kMostRows)};
}

MetakockaGateway::PageRequest MetakockaGateway::bills_request(const sync::BillQuery& query,
                                                              std::uint64_t offset, std::uint32_t limit) {
    return {.bills = query,
            .pricelist = {},
            .day = {},
            .offset = offset,
            .limit = std::min(limit, kMostDocuments)};
}

void MetakockaGateway::expect(const PageRequest& request) {
    if (!read_ahead_) return;
    ahead_.settle();
    stats_before_ahead_ = caller_.stats();
    ahead_.start(request, [this, request] { return read(request); });
}

sync::ErpPage MetakockaGateway::page(const PageRequest& request) {
    if (auto read_before = ahead_.take(request)) return std::move(*read_before);
    return read(request);
}

sync::ErpPage MetakockaGateway::read(const PageRequest& request) {
    return request.bills ? read_bills(request) : read_products({}, request);
}

sync::ErpPage MetakockaGateway::read_products(json::object parameters, const PageRequest& request) {
    // Without return_pricelist the answer looks like products that have no price.
    parameters["return_pricelist"] = "true";
    parameters["show_tax_factor"] = "true";
    sync::ErpPage page;
    const Answer answer =
        caller_.call(kProductList, page_parameters(std::move(parameters), request.offset, request.limit));
    const ListView rows = answer.rows("product_list");
    const auto counted = count_in(answer.object(), "product_list_count");
    if (counted && *counted != rows.size()) {
        throw ErpError(ErpErrorClass::kTransient, "Metakocka's page holds " + std::to_string(rows.size()) +
                                                      " products and says " + std::to_string(*counted));
    }
    const PriceChoice choice{request.pricelist, request.day};
    page.rows.reserve(rows.size());
    for (const json::value& row : rows) page.rows.push_back(decode_product(row, choice));
    page.last = is_short(answer.object(), rows.size(), request.limit);
    return page;
}

sync::ErpPage MetakockaGateway::products(std::uint64_t offset, std::uint32_t limit, const Value& pricelist) {
    return page(products_request(offset, limit, pricelist));
}

void MetakockaGateway::expect_products(std::uint64_t offset, std::uint32_t limit, const Value& pricelist) {
    expect(products_request(offset, limit, pricelist));
}

std::optional<sync::ErpRow> MetakockaGateway::product(const std::string& mk_id, const Value& code) {
    // There is no selection by mk_id: by code, else through all pages.
    json::object parameters;
    if (code) parameters["code"] = *code;
    ahead_.settle();
    for (std::uint64_t offset = 0;;) {
        sync::ErpPage page;
        try {
            page = read_products(parameters, products_request(offset, kMostRows, pricelist_));
        } catch (const ErpError& error) {
            if (error.error_class() != ErpErrorClass::kNotFound) throw;
            return std::nullopt;
        }
        for (sync::ErpRow& row : page.rows) {
            if (row.record.erp_id == mk_id) return std::move(row);
        }
        if (page.last || page.rows.empty()) return std::nullopt;
        offset += page.rows.size();
    }
}

const Warehouses& MetakockaGateway::warehouses() {
    if (!warehouses_) {
        const Answer answer = caller().call(kWarehouseList, {});
        answer.rows("warehouse_list");
        warehouses_.emplace(answer.object());
    }
    return *warehouses_;
}

sync::StockPage MetakockaGateway::stock_page(json::object parameters, std::uint64_t offset,
                                             std::uint32_t limit) {
    const Warehouses& known = warehouses();
    // Products that are reserved but not in stock count as well: their free amount is negative.
    parameters["return_reservation_without_amount"] = "true";
    const Answer answer =
        caller().call(kWarehouseStock, page_parameters(std::move(parameters), offset, limit));
    const ListView rows = answer.rows("stock_list");
    sync::StockPage page;
    page.rows.reserve(rows.size());
    for (const json::value& row : rows) page.rows.push_back(decode_stock(row, known));
    page.last = is_short(answer.object(), rows.size(), limit);
    return page;
}

sync::StockPage MetakockaGateway::stock(std::uint64_t offset, std::uint32_t limit) {
    return stock_page({}, offset, std::min(limit, kMostRows));
}

std::vector<sync::StockRow> MetakockaGateway::stock_of(const std::vector<std::string>& product_mk_ids) {
    std::string list;
    for (const auto& id : product_mk_ids) list += (list.empty() ? "" : ",") + id;
    std::vector<sync::StockRow> result;
    if (list.empty()) return result;  // without a list the ERP answers all stock
    for (;;) {
        sync::StockPage page = stock_page({{"product_mk_id_list", list}}, result.size(), kMostRows);
        const bool done = page.last || page.rows.empty();
        std::move(page.rows.begin(), page.rows.end(), std::back_inserter(result));
        if (done) return result;
    }
}

sync::ErpPage MetakockaGateway::bills(const sync::BillQuery& query, std::uint64_t offset,
                                      std::uint32_t limit) {
    return page(bills_request(query, offset, limit));
}

void MetakockaGateway::expect_bills(const sync::BillQuery& query, std::uint64_t offset, std::uint32_t limit) {
    expect(bills_request(query, offset, limit));
}

sync::ErpPage MetakockaGateway::read_bills(const PageRequest& request) {
    const sync::BillQuery& query = *request.bills;
    const auto [offset, limit] = std::pair(request.offset, request.limit);
    json::array filters;
    if (query.date_from) filters.push_back(filter("doc_date_from", calendar::to_filter(*query.date_from)));
    if (query.unpaid_only) filters.push_back(filter("payment_status", "false"));
    if (query.changed_from)
        filters.push_back(filter("last_change_from", timestamp_filter(*query.changed_from)));
    json::object parameters{{"doc_type", view(doc_type_of(query.type))},
                            {"result_type", "doc"},
                            {"show_payment_detail", "true"},
                            {"show_tax_factor", "true"}};
    if (!filters.empty()) parameters["query_advance"] = std::move(filters);
    sync::ErpPage page;
    try {
        const Answer answer = caller_.call(kSearch, page_parameters(std::move(parameters), offset, limit));
        const ListView rows = answer.rows("result");
        page.rows.reserve(rows.size());
        for (const json::value& row : rows) {
            page.rows.push_back(decode_bill(row, query.type));
            collect_partners(row, page.partners);
        }
        page.total = count_in(answer.object(), "result_all_records");
        page.last = page.total ? rows.size() == 0 || offset + rows.size() >= *page.total
                               : is_short(answer.object(), rows.size(), limit);
    } catch (const ErpError& error) {
        // "No … found" instead of an empty list (metakocka-api.md §2).
        if (error.error_class() != ErpErrorClass::kNotFound) throw;
        page = {};
        page.last = true;
        page.total = offset;
    }
    return page;
}

std::optional<sync::ErpRow> MetakockaGateway::bill(sync::BillType type, const std::string& mk_id) {
    try {
        const Answer answer = caller().call(kGetDocument, {{"doc_type", view(doc_type_of(type))},
                                                           {"doc_id", mk_id},
                                                           {"show_payment_detail", "true"},
                                                           {"show_tax_factor", "true"}});
        sync::ErpRow row = decode_bill(json::value(answer.object()), type);
        if (row.record.erp_id.empty()) {
            throw ErpError(ErpErrorClass::kTransient,
                           "Metakocka answered without the document that was asked for");
        }
        return row;
    } catch (const ErpError& error) {
        if (error.error_class() != ErpErrorClass::kNotFound) throw;
        return std::nullopt;
    }
}

std::optional<Answer> MetakockaGateway::get_partner(sync::PartnerKey key, const std::string& text) {
    constexpr std::array<const char*, 4> kNames{"partner_id", "partner_tax_number", "partner_email",
                                                "partner_name"};
    try {
        return caller().call(kGetPartner, {{kNames[static_cast<std::size_t>(key)], text}});
    } catch (const ErpError& error) {
        if (error.error_class() != ErpErrorClass::kNotFound) throw;
        return std::nullopt;
    }
}

std::vector<sync::ErpRow> MetakockaGateway::partners(sync::PartnerKey key, const std::string& text) {
    std::vector<sync::ErpRow> result;
    const std::optional<Answer> answer = get_partner(key, text);
    if (!answer) return result;
    const ListView rows = answer->rows("partner_list");
    result.reserve(rows.size());
    for (const json::value& row : rows) result.push_back(decode_partner(row));
    return result;
}

bool MetakockaGateway::offers_last_change(sync::BillType type) {
    const std::string doc_type(doc_type_of(type));
    if (const auto known = company_->discovery.offers_last_change(doc_type, clock_.now())) return *known;
    const Answer answer = caller().call(kDiscovery, {});
    std::set<std::string> types;
    for (const auto& member : answer.object()) {
        const std::string_view name = member.key();
        if (!name.starts_with("sales_")) continue;
        for (const json::value& row : answer.rows(name)) {
            if (row.is_object() && scalar_or_null(row.get_object(), "type") == "last_change_from") {
                types.emplace(name);
            }
        }
    }
    const bool offered = types.contains(doc_type);
    company_->discovery.remember(std::move(types), clock_.now());
    return offered;
}

}  // namespace metakocka::api
