// Records over HTTP.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "host_process.hpp"

using host_test::Answer;
using host_test::HostProcess;

namespace {

std::string id_of(const Answer& answer) {
    return answer.object().at("id").as_string().c_str();
}

std::set<std::string> error_paths(const Answer& answer) {
    std::set<std::string> paths;
    for (const auto& error : answer.object().at("errors").as_array()) {
        paths.insert(error.at("path").as_string().c_str());
    }
    return paths;
}

std::size_t count(HostProcess& host, const std::string& path) {
    return host.as("viewer", "GET", path).object().at("items").as_array().size();
}

}  // namespace

TEST_CASE("host: a record has exactly the fixed fields") {
    HostProcess host;
    const Answer made =
        host.as("manager", "POST", "/api/products",
                R"({"name":"Vijak","code":"V-1","price":"0.1000","sellable":true,"unit":""})");
    REQUIRE(made.status == 201);
    const auto product = made.object();
    std::set<std::string> names;
    for (const auto& member : product) names.emplace(member.key());
    CHECK(names == std::set<std::string>{"id", "active", "createdAt", "updatedAt", "external", "custom",
                                         "code", "name", "description", "unit", "barcode", "price",
                                         "currency", "taxRate", "weight", "sellable", "purchasable",
                                         "service"});
    CHECK(product.at("active") == true);
    CHECK(product.at("price") == "0.1000");
    CHECK(product.at("unit").is_null());
    CHECK(product.at("service") == false);
    CHECK(product.at("external").as_object().empty());
    CHECK(host.as("viewer", "GET", "/api/products/" + id_of(made)).object() == product);
    CHECK(made.headers.at("location") == "/api/products/" + id_of(made));
}

TEST_CASE("host: updatedAt moves on real changes only") {
    HostProcess host;
    const Answer made = host.as("manager", "POST", "/api/products", R"({"name":"Vijak","price":"10"})");
    const std::string path = "/api/products/" + id_of(made);
    const auto before = made.object().at("updatedAt");
    CHECK(host.as("manager", "PATCH", path, R"({"name":"Vijak","price":"10.00"})").object().at("updatedAt") ==
          before);
    CHECK(host.as("manager", "PATCH", path, "{}").object().at("updatedAt") == before);
    const Answer changed = host.as("manager", "PATCH", path, R"({"price":"10.01"})");
    CHECK(changed.object().at("updatedAt") != before);
    CHECK(changed.object().at("name") == "Vijak");
    const Answer custom = host.as("manager", "PATCH", path, R"({"custom":{"shelf":"A3","vip":true}})");
    CHECK(custom.object().at("custom").at("shelf") == "A3");
    const Answer removed = host.as("manager", "PATCH", path, R"({"custom":{"vip":null}})");
    CHECK(removed.object().at("custom") == boost::json::object{{"shelf", "A3"}});
}

TEST_CASE("host: bad input is refused with every path and changes nothing") {
    HostProcess host;
    const Answer made = host.as("manager", "POST", "/api/invoices", R"({"number":"1","total":"5"})");
    const std::string path = "/api/invoices/" + id_of(made);
    const Answer refused = host.as("manager", "PATCH", path, R"({"number":"2","total":1.5,"date":"2024-02-30",
        "contactId":"99","lines":[{"quantity":"1e5"},{"colour":"red"}],"nonsense":1,"id":"7"})");
    CHECK(refused.status == 400);
    CHECK(refused.headers.at("content-type") == "application/problem+json");
    CHECK(error_paths(refused) == std::set<std::string>{"total", "date", "contactId", "lines.0.quantity",
                                                        "lines.1", "nonsense", "id"});
    CHECK(host.as("viewer", "GET", path).object().at("number") == "1");
    CHECK(host.as("manager", "POST", "/api/contacts", "{}").status == 400);
    CHECK(host.as("manager", "POST", "/api/contacts", "{broken").status == 400);
    CHECK(host.as("manager", "POST", "/api/contacts", "[]").status == 400);
    CHECK(
        error_paths(host.as("viewer", "GET", "/api/contacts?limit=0&active=maybe&updatedSince=now&foo=1")) ==
        std::set<std::string>{"limit", "active", "updatedSince", "foo"});
    CHECK(host.as("viewer", "GET", "/api/contacts/999").status == 404);
    CHECK(host.as("viewer", "PUT", path).status == 405);
    CHECK(host.as("viewer", "GET", "/api/nothing").status == 404);
}

TEST_CASE("host: relationships hold") {
    HostProcess host;
    const std::string contact = id_of(host.as("manager", "POST", "/api/contacts", R"({"name":"Ana"})"));
    const std::string product = id_of(host.as("manager", "POST", "/api/products", R"({"name":"Vijak"})"));
    const Answer invoice =
        host.as("manager", "POST", "/api/invoices",
                R"({"number":"24-1","contactId":")" + contact + R"(","lines":[{"productId":")" + product +
                    R"(","name":"Vijak","quantity":"2","price":"0.10"}]})");
    REQUIRE(invoice.status == 201);
    CHECK(invoice.object().at("contactId").as_string() == contact);
    const auto line = invoice.object().at("lines").as_array().at(0).as_object();
    CHECK(line.at("productId").as_string() == product);
    CHECK(line.at("discount").is_null());
    CHECK(host.as("manager", "POST", "/api/inventory", R"({"productId":"99"})").status == 400);
    CHECK(host.as("manager", "DELETE", "/api/contacts/" + contact).status == 409);
    CHECK(host.as("manager", "DELETE", "/api/products/" + product).status == 409);
    CHECK(host.as("manager", "DELETE", "/api/invoices/" + id_of(invoice)).status == 204);
    CHECK(host.as("manager", "DELETE", "/api/products/" + product).status == 204);
    CHECK(host.as("viewer", "GET", "/api/products/" + product).status == 404);
}

TEST_CASE("host: lists are paged, searched and filtered") {
    HostProcess host;
    for (int i = 0; i < 7; ++i) {
        const std::string name = i == 3 ? "Žerjav Čuden" : "Podjetje " + std::to_string(i);
        const std::string active = i < 2 ? "false" : "true";
        host.as("manager", "POST", "/api/contacts", R"({"name":")" + name + R"(","active":)" + active + "}");
    }
    std::set<std::string> seen;
    std::string after;
    int pages = 0;
    for (;; ++pages) {
        const Answer page = host.as("viewer", "GET", "/api/contacts?limit=3" + after);
        for (const auto& item : page.object().at("items").as_array())
            seen.insert(item.at("id").as_string().c_str());
        const auto next = page.object().at("next");
        if (next.is_null()) break;
        after = "&after=" + std::string(next.as_string());
    }
    CHECK(seen.size() == 7);
    CHECK(pages == 2);
    CHECK(count(host, "/api/contacts?q=zerjav%20cud") == 1);
    CHECK(count(host, "/api/contacts?q=%C4%8CUDEN") == 1);
    CHECK(count(host, "/api/contacts?q=podjetje") == 6);
    CHECK(count(host, "/api/contacts?q=%25") == 0);
    CHECK(count(host, "/api/contacts?active=false") == 2);
    CHECK(count(host, "/api/contacts?active=true&q=podjetje") == 4);
    CHECK(count(host, "/api/contacts?ids=1,3,99") == 2);
    const Answer third = host.as("viewer", "GET", "/api/contacts/3");
    const std::string since = third.object().at("updatedAt").as_string().c_str();
    CHECK(count(host, "/api/contacts?updatedSince=" + since) == 5);
}

TEST_CASE("host: an external id belongs to one record of its kind") {
    HostProcess host;
    const std::string body = R"({"name":"Ana","external":{"metakocka":"1600001"}})";
    const Answer made = host.as("manager", "POST", "/api/contacts", body);
    CHECK(made.object().at("external").at("metakocka") == "1600001");
    CHECK(host.as("manager", "POST", "/api/contacts", body).status == 409);
    CHECK(host.as("manager", "POST", "/api/products", body).status == 201);
    const std::string path = "/api/contacts/" + id_of(made);
    CHECK(host.as("manager", "PATCH", path, R"({"external":{"metakocka":"2"}})").status == 409);
    CHECK(host.as("manager", "DELETE", path).status == 204);
    CHECK(host.as("manager", "POST", "/api/contacts", body).status == 201);
}

TEST_CASE("host: records survive a kill") {
    HostProcess host;
    const std::string id = id_of(host.as("manager", "POST", "/api/contacts", R"({"name":"Ana"})"));
    host.kill();
    host.start();
    CHECK(host.as("viewer", "GET", "/api/contacts/" + id).object().at("name") == "Ana");
    CHECK(host.stop() == 0);
}
