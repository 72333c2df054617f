#include "admin.hpp"

#include "admin_records.hpp"
#include "canonical.hpp"
#include "mutate.hpp"
#include "request.hpp"
#include "webhook.hpp"

namespace metakocka::sim {

namespace json = boost::json;

namespace {

Company& company_of(Erp& erp, const std::string& id) {
    std::uint32_t number = 0;
    for (const char c : id) {
        if (c < '0' || c > '9') throw AdminError(404, "no such company");
        number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    auto* company = erp.company(number);
    if (company == nullptr) throw AdminError(404, "no such company");
    return *company;
}

json::object totals(Company& company) {
    const std::lock_guard lock(company.mutex);
    const auto& ledger = company.ledger;
    std::uint64_t bills = 0;
    for (const auto& document : ledger.documents) bills += is_bill(document.type) ? 1U : 0U;
    return {{"company", std::to_string(ledger.company)}, {"secretKey", ledger.secret},
            {"products", ledger.products.size()},        {"partners", ledger.partners.size()},
            {"documents", ledger.documents.size()},      {"bills", bills},
            {"stockRows", ledger.stock.size()},          {"stock", stock_keys(ledger).size()},
            {"warehouses", ledger.warehouses.size()},    {"options", to_json(ledger.options)}};
}

json::value state(Erp& erp, const AdminRequest& request) {
    json::object result{{"companies", erp.settings().companies},
                        {"seed", erp.settings().seed},
                        {"today", iso(erp.settings().today)},
                        {"authFailures", erp.auth_failures()},
                        {"faults", erp.faults().list()}};
    const auto wanted = request.query.find("company");
    const auto last =
        std::min<std::uint32_t>(erp.settings().companies, 5);  // asking makes them: not all of 1,000
    json::array list;
    if (wanted != request.query.end()) {
        list.push_back(totals(company_of(erp, wanted->second)));
    } else {
        for (std::uint32_t i = 1; i <= last; ++i) list.push_back(totals(*erp.company(i)));
    }
    result["details"] = std::move(list);
    return result;
}

json::value counters(Erp& erp, const AdminRequest& request) {
    const auto wanted = request.query.find("company");
    auto result = company_of(erp, wanted == request.query.end() ? "1" : wanted->second).counters.json();
    result["authFailuresAll"] = erp.auth_failures();
    return result;
}

json::value on_company(Erp& erp, const AdminRequest& request, const std::vector<std::string>& path,
                       const json::object& body) {
    Company& company = company_of(erp, path[1]);
    if (path.size() == 2) return totals(company);
    const auto& action = path[2];
    const Fields fields(body);
    if (action == "options") {
        const std::lock_guard lock(company.mutex);
        if (request.method != "GET") apply(company.ledger.options, body);
        return to_json(company.ledger.options);
    }
    if (action == "secret" && request.method == "POST") {
        const std::lock_guard lock(company.mutex);
        company.ledger.secret = fields.required("secretKey");
        return json::object{{"secretKey", company.ledger.secret}};
    }
    if (action == "mutate" && request.method == "POST") {
        std::vector<std::string> kinds;
        if (const auto* list = body.if_contains("kinds"); list != nullptr && list->is_array()) {
            for (const auto& kind : list->get_array()) kinds.push_back(text_of(kind));
        }
        const std::lock_guard lock(company.mutex);
        auto changes = mutate(company.ledger, fields.size("count", 10), fields.size("seed", 1), kinds);
        return json::object{{"count", changes.size()}, {"changes", std::move(changes)}};
    }
    return admin_records(company, request, path, body);
}

json::value fire_webhook(Erp& erp, const json::object& body) {
    const Fields fields(body);
    Company& company = company_of(erp, fields.has("company") ? fields.text("company") : "1");
    Webhook webhook;
    webhook.url = fields.required("url");
    webhook.secret = fields.text("secret");
    webhook.user = fields.text("user");
    webhook.password = fields.text("password");
    webhook.id = fields.text("id");
    if (const auto* list = body.if_contains("productMkIds"); list != nullptr && list->is_array()) {
        for (const auto& id : list->get_array()) webhook.product_ids.push_back(std::stoull(text_of(id)));
    }
    {
        const std::lock_guard lock(company.mutex);
        webhook.body = stock_event(company.ledger, webhook.product_ids);
    }
    return send_webhook(webhook);
}

json::value route(Erp& erp, const AdminRequest& request, const std::vector<std::string>& path,
                  const json::object& body) {
    const std::string& first = path.front();
    if (first == "companies" && path.size() >= 2) return on_company(erp, request, path, body);
    if (first == "state") return state(erp, request);
    if (first == "counters" && path.size() == 2 && path[1] == "reset") {
        for (std::uint32_t i = 1; i <= erp.settings().companies; ++i) {
            if (const auto wanted = request.query.find("company");
                wanted == request.query.end() || wanted->second == std::to_string(i)) {
                erp.company(i)->counters.reset();
            }
        }
        return json::object{{"reset", true}};
    }
    if (first == "counters") return counters(erp, request);
    if (first == "faults") {
        if (request.method == "POST") erp.faults().add(fault_from(body));
        if (request.method == "DELETE") erp.faults().clear();
        return json::object{{"faults", erp.faults().list()}};
    }
    if (first == "writes") {
        if (request.method == "DELETE") erp.clear_writes();
        return json::object{
            {"writes", erp.writes(static_cast<std::uint32_t>(query_number(request, "company", 0)))}};
    }
    if (first == "webhook" && request.method == "POST") return fire_webhook(erp, body);
    throw AdminError(404, "unknown admin path " + request.path);
}

Reply plain(int status, const json::value& value) {
    Reply reply;
    reply.status = status;
    reply.body = json::serialize(value) + "\n";
    return reply;
}

}  // namespace

Reply admin(Erp& erp, const AdminRequest& request) {
    try {
        auto path = split(request.path, '/');
        if (path.empty()) path.emplace_back("state");
        json::value body = json::object();
        if (!request.body.empty()) body = json::parse(request.body);
        if (!body.is_object()) throw AdminError(400, "the body must be a JSON object");
        return plain(200, route(erp, request, path, body.get_object()));
    } catch (const AdminError& error) {
        return plain(error.status, json::object{{"error", error.what()}});
    } catch (const std::exception& error) {
        return plain(400, json::object{{"error", error.what()}});
    }
}

}  // namespace metakocka::sim
