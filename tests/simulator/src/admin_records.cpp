#include "admin_records.hpp"

#include <algorithm>
#include <charconv>

#include "canonical.hpp"
#include "mutate.hpp"
#include "request.hpp"

namespace metakocka::sim {

namespace json = boost::json;

namespace {

MkId parse_id(const std::string& text) {
    MkId id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size()) throw AdminError(400, "not an id: " + text);
    return id;
}

// One kind of record: how the ledger keeps it and what may be done to it.
template <typename Record>
struct Kind {
    std::vector<Record> Ledger::*list;
    Ledger::Kind ids;
    Record* (Ledger::*find)(MkId);
};

constexpr Kind<Product> kProducts{&Ledger::products, Ledger::Kind::kProduct, &Ledger::find_product};
constexpr Kind<Partner> kPartners{&Ledger::partners, Ledger::Kind::kPartner, &Ledger::find_partner};
constexpr Kind<Document> kDocuments{&Ledger::documents, Ledger::Kind::kDocument, &Ledger::find_document};

template <typename List, typename Element>
json::object page(const AdminRequest& request, const List& list, Element&& element) {
    const auto offset = std::min(query_number(request, "offset", 0), list.size());
    const auto limit = std::min(query_number(request, "limit", list.size()), list.size() - offset);
    json::array items;
    for (std::size_t i = 0; i < limit; ++i) items.push_back(element(list[offset + i]));
    return {{"total", list.size()}, {"offset", offset}, {"items", std::move(items)}};
}

void fill_new(Ledger& ledger, Product& product) {
    if (product.count_code.empty()) product.count_code = std::to_string(product.mk_id % 10'000'000 + 16'000);
    if (product.unit.empty()) product.unit = "kos";
    static_cast<void>(ledger);
}

void fill_new(Ledger& ledger, Partner& partner) {
    if (partner.count_code.empty()) partner.count_code = std::to_string(partner.mk_id % 10'000'000 + 50'000);
    if (!partner.addresses.empty()) return;
    Address address;
    address.mk_id = ledger.next_id(Ledger::Kind::kAddress);
    address.type = "Račun";
    partner.addresses.push_back(std::move(address));
}

void fill_new(Ledger& ledger, Document& document) {
    if (document.date == Date{}) document.date = ledger.today;
    if (document.due == Date{}) document.due = document.date;
    if (document.partner_id == 0 && !ledger.partners.empty()) {
        document.partner_id = document.receiver_id = ledger.partners.front().mk_id;
    }
    if (document.count_code.empty()) document.count_code = ledger.next_number(document.type);
    document.created = document.changed = now();
}

void remove(Ledger& ledger, const Product& product, bool) {
    ledger.erase_product(product.mk_id);
}

void remove(Ledger& ledger, const Partner& partner, bool force) {
    if (!force && ledger.partner_used(partner.mk_id))
        throw AdminError(409, "used on documents (force=1 removes it anyway)");
    ledger.partners.erase(ledger.partners.begin() + (&partner - ledger.partners.data()));
    ++ledger.version;
}

void remove(Ledger& ledger, const Document& document, bool) {
    ledger.erase_document(document.mk_id);
}

template <typename Record>
json::value create(Ledger& ledger, const Kind<Record>& kind, MkId id, const json::object& body) {
    Record record;
    record.mk_id = id != 0 ? id : ledger.next_id(kind.ids);
    ledger.reserve_id(record.mk_id);
    apply_plain(ledger, record, body);
    fill_new(ledger, record);
    return canonical(ledger, ledger.insert(std::move(record)));
}

template <typename Record>
json::value handle(Ledger& ledger, const Kind<Record>& kind, const AdminRequest& request,
                   const std::vector<std::string>& path, const json::object& body) {
    if (path.size() == 3) {
        if (request.method == "GET") {
            return page(request, ledger.*kind.list, [&](const Record& r) { return canonical(ledger, r); });
        }
        if (request.method == "POST") return create(ledger, kind, 0, body);
        throw AdminError(405, "GET or POST");
    }
    const MkId id = parse_id(path[3]);
    Record* record = (ledger.*kind.find)(id);
    if (record == nullptr && request.method == "PUT") return create(ledger, kind, id, body);
    if (record == nullptr) throw AdminError(404, "no such record");
    if (request.method == "GET") return canonical(ledger, *record);
    if (request.method == "PUT" || request.method == "PATCH") {
        Record changed = *record;
        apply_plain(ledger, changed, body);
        *record = std::move(changed);
        ++ledger.version;
        return canonical(ledger, *record);
    }
    if (request.method == "DELETE") {
        remove(ledger, *record, request.query.contains("force"));
        return json::object{{"deleted", path[3]}};
    }
    throw AdminError(405, "GET, PUT, PATCH or DELETE");
}

json::value handle_stock(Ledger& ledger, const AdminRequest& request, const std::vector<std::string>& path,
                         const json::object& body) {
    if (path.size() == 3) {
        return page(request, stock_keys(ledger),
                    [&](const StockKey& key) { return canonical_stock(ledger, key); });
    }
    if (path.size() != 5) throw AdminError(404, "stock/{productMkId}/{warehouseMkId}");
    const MkId warehouse = parse_id(path[4]);
    const auto at = std::find_if(ledger.warehouses.begin(), ledger.warehouses.end(),
                                 [warehouse](const Warehouse& w) { return w.mk_id == warehouse; });
    if (at == ledger.warehouses.end()) throw AdminError(404, "no such warehouse");
    const StockKey key{parse_id(path[3]), static_cast<std::uint32_t>(at - ledger.warehouses.begin())};
    if (ledger.find_product(key.product_id) == nullptr) throw AdminError(404, "no such product");
    if (request.method == "PUT" || request.method == "PATCH") apply_plain_stock(ledger, key, body);
    if (request.method == "DELETE") {
        std::erase_if(ledger.stock, [&](const StockRow& row) {
            return row.product_id == key.product_id && row.warehouse == key.warehouse;
        });
        ++ledger.version;
    }
    return canonical_stock(ledger, key);
}

}  // namespace

std::size_t query_number(const AdminRequest& request, const std::string& name, std::size_t fallback) {
    const auto at = request.query.find(name);
    return at == request.query.end() ? fallback : parse_id(at->second);
}

json::value admin_records(Company& company, const AdminRequest& request, const std::vector<std::string>& path,
                          const json::object& body) {
    const std::lock_guard lock(company.mutex);
    auto& ledger = company.ledger;
    const auto& kind = path[2];
    if (kind == "products") {
        if (path.size() == 3 && request.method == "DELETE") {
            auto ids = remove_products(ledger, static_cast<unsigned>(query_number(request, "percent", 0)),
                                       query_number(request, "seed", 1));
            return json::object{{"deleted", ids.size()}, {"mkIds", std::move(ids)}};
        }
        return handle(ledger, kProducts, request, path, body);
    }
    if (kind == "partners") return handle(ledger, kPartners, request, path, body);
    if (kind == "documents") return handle(ledger, kDocuments, request, path, body);
    if (kind == "stock") return handle_stock(ledger, request, path, body);
    if (kind == "warehouses") {
        return page(request, ledger.warehouses, [](const Warehouse& w) { return canonical(w); });
    }
    throw AdminError(404, "unknown kind " + kind);
}

}  // namespace metakocka::sim
