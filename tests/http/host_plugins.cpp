// Plugins: checking, enabling, their routes, their services.
#include <sys/stat.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "plugin_folder.hpp"

using Catch::Contains;
using host_test::Answer;
using host_test::HostProcess;

namespace {

namespace fs = std::filesystem;

const std::string kBase = "/api/integrations/host-probe";

void install_probe(const HostProcess& host) {
    host_test::install_probe(host.plugins());
}

// What the command line needs to see what this host sees.
std::string folders(const HostProcess& host) {
    return " --data " + host.data().string() + " --plugins " + host.plugins().string();
}

boost::json::object plugin(HostProcess& host) {
    return host.as("viewer", "GET", "/api/plugins").object().at("items").as_array().at(0).as_object();
}

Answer upsert(HostProcess& host, const std::string& request) {
    return host.as("manager", "POST", kBase + "/records/upsert", request);
}

boost::json::object item(const Answer& answer, std::size_t index) {
    REQUIRE(answer.status == 200);
    return answer.object().at("items").as_array().at(index).as_object();
}

template <typename Condition>
bool eventually(Condition condition) {
    for (int i = 0; i < 100; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

}  // namespace

TEST_CASE("host: a plugin is listed, enabled, survives a restart and is disabled") {
    HostProcess host;
    install_probe(host);
    CHECK(plugin(host).at("state") == "disabled");
    CHECK(host.as("viewer", "GET", kBase + "/echo/x").status == 404);
    const Answer enabled = host.as("admin", "POST", "/api/plugins/host-probe/enable");
    CHECK(enabled.object().at("state") == "running");
    CHECK(enabled.object().at("enabled") == true);
    CHECK(enabled.object().at("pages").as_array().at(0).at("element") == "host-probe");
    CHECK(host.stop() == 0);
    host.start();
    CHECK(plugin(host).at("state") == "running");
    CHECK(host.as("admin", "POST", "/api/plugins/host-probe/disable").object().at("state") == "disabled");
    CHECK(host.as("viewer", "GET", kBase + "/echo/x").status == 404);
}

TEST_CASE("host: the command line enables a plugin under a running host") {
    HostProcess host;
    install_probe(host);
    const std::string rest = " --data " + host.data().string() + " --plugins " + host.plugins().string();
    CHECK(host_test::run_host("plugin list" + rest).out.find("host-probe\t1.0.0\tdisabled") == 0);
    CHECK(host_test::run_host("plugin enable host-probe" + rest).exit_code == 0);
    CHECK(eventually([&] { return plugin(host).at("state") == "running"; }));
    CHECK(host_test::run_host("plugin disable host-probe" + rest).exit_code == 0);
    CHECK(eventually([&] { return plugin(host).at("state") == "disabled"; }));
    CHECK(host_test::run_host("plugin enable nobody" + rest).exit_code == 1);
}

TEST_CASE("host: a module that anybody can write is refused with the reason") {
    HostProcess host;
    install_probe(host);
    const fs::path file = host.plugins() / "host-probe.so";
    CHECK(host_test::run_host("plugin check " + file.string()).exit_code == 0);
    REQUIRE(::chmod(file.c_str(), 0777) == 0);
    const auto checked = host_test::run_host("plugin check " + file.string());
    CHECK(checked.exit_code == 1);
    CHECK(checked.err.find("chmod") != std::string::npos);
    const auto refused = host.as("admin", "POST", "/api/plugins/host-probe/enable").object();
    CHECK(refused.at("state") == "refused");
    CHECK(std::string(refused.at("reason").as_string()).find("chmod") != std::string::npos);
    CHECK(host.call("GET", "/healthz").status == 200);
}

TEST_CASE("host: a module without a manifest is shown as refused") {
    HostProcess host;
    install_probe(host);
    fs::remove(host.plugins() / "host-probe.json");
    const auto shown = plugin(host);
    CHECK(shown.at("id") == "host-probe");
    CHECK(shown.at("state") == "refused");
    CHECK_THAT(std::string(shown.at("reason").as_string()), Contains("expected its manifest beside it"));
    const auto listed = host_test::run_host("plugin list" + folders(host));
    CHECK(listed.exit_code == 0);
    CHECK_THAT(listed.out,
               Contains("refused: ") && Contains("host-probe.so was refused: expected its manifest"));
    CHECK(host_test::run_host("plugin enable host-probe" + folders(host)).exit_code == 1);
}

TEST_CASE("host: a plugins folder that is not there is told of, and the host runs all the same") {
    HostProcess host;
    const auto trouble = [&] { return host.as("viewer", "GET", "/api/plugins").object().at("trouble"); };
    CHECK(trouble().is_null());
    const fs::path nowhere = host.data() / "nosuch";
    HostProcess lost({"--plugins", nowhere.string()});
    const auto told = lost.as("viewer", "GET", "/api/plugins").object();
    CHECK_THAT(std::string(told.at("trouble").as_string()),
               Contains(nowhere.string()) && Contains("No such file") && Contains("--plugins"));
    CHECK_THAT(host_test::read_file(lost.data() / "log" / "crm-host.log"), Contains(nowhere.string()));
    CHECK(lost.call("GET", "/healthz").status == 200);
    for (const std::string command : {"list", "enable host-probe"}) {
        const auto answer = host_test::run_host("plugin " + command + " --data " + lost.data().string() +
                                                " --plugins " + nowhere.string());
        CHECK(answer.exit_code == 1);
        CHECK_THAT(answer.err, Contains("can't be used") && Contains(nowhere.string()));
    }
    // It is looked for anew each time.
    fs::create_directory(nowhere);
    CHECK(lost.as("viewer", "GET", "/api/plugins").object().at("trouble").is_null());
}

TEST_CASE("host: why a plugin did not start is listed until it is enabled again") {
    HostProcess host;
    install_probe(host);
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    CHECK(host.stop() == 0);
    ::setenv("HOST_PROBE_CRASH", "host-probe create throw", 1);
    host.start();
    ::unsetenv("HOST_PROBE_CRASH");
    CHECK(plugin(host).at("state") == "failed");
    const auto listed = [&] { return host_test::run_host("plugin list" + folders(host)).out; };
    const std::string failed = "host-probe\t1.0.0\tenabled\tlast start failed: the probe does not want to";
    CHECK_THAT(listed(), Contains(failed));
    CHECK(host.stop() == 0);
    CHECK_THAT(listed(), Contains(failed));
    host.start();
    CHECK(plugin(host).at("state") == "running");
    CHECK(listed() == "host-probe\t1.0.0\tenabled\n");
}

TEST_CASE("host: enabling it once more on the command line starts what was refused and then mended") {
    HostProcess host;
    install_probe(host);
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    CHECK(host.stop() == 0);
    const fs::path file = host.plugins() / "host-probe.so";
    REQUIRE(::chmod(file.c_str(), 0777) == 0);
    host.start();
    CHECK(plugin(host).at("state") == "refused");
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
    CHECK(host_test::run_host("plugin enable host-probe" + folders(host)).exit_code == 0);
    CHECK(eventually([&] { return plugin(host).at("state") == "running"; }));
}

TEST_CASE("host: a module's requests are checked and forwarded") {
    HostProcess host;
    install_probe(host);
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    const Answer echo = host.as("viewer", "GET", kBase + "/echo/a?x=1&y=%C4%8D");
    REQUIRE(echo.status == 200);
    CHECK(echo.object().at("method") == "GET");
    CHECK(echo.object().at("path") == "/echo/a");
    CHECK(echo.object().at("query") == boost::json::object{{"x", "1"}, {"y", "č"}});
    CHECK(echo.object().at("user").at("name") == "token:viewer");
    CHECK_FALSE(echo.object().at("headers").as_object().contains("authorization"));
    CHECK(echo.headers.count("set-cookie") == 0);
    CHECK(host.call("GET", kBase + "/echo/a").status == 401);
    CHECK(host.call("GET", kBase + "/nothing").status == 401);
    CHECK(host.as("viewer", "GET", kBase + "/nothing").status == 404);
    CHECK(host.as("viewer", "POST", kBase + "/echo/a", "{}").status == 405);
    CHECK(host.as("viewer", "POST", kBase + "/settings", "{}").status == 403);
    CHECK(host.call("POST", kBase + "/hook", "12345").object().at("got") == 5);
    const Answer stream = host.as("viewer", "GET", kBase + "/stream");
    CHECK(stream.headers.at("transfer-encoding") == "chunked");
    CHECK(stream.body.size() > 8000);
    CHECK(stream.body.ends_with("line 999\n"));
    // An answer that broke off must not look whole.
    const std::string broken = host.raw(
        "POST " + kBase + "/fail HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: Bearer " +
        host.token("manager") + "\r\n\r\n");
    CHECK(broken.find("200 OK") != std::string::npos);
    CHECK_FALSE(broken.ends_with("0\r\n\r\n"));
    CHECK(host.call("GET", "/healthz").status == 200);
}

TEST_CASE("host: a failing task is tried again, and wake runs it at once") {
    HostProcess host;
    install_probe(host);
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    const auto runs = [&] {
        return host.as("viewer", "GET", kBase + "/runs").object().at("runs").as_int64();
    };
    CHECK(eventually([&] { return runs() == 1; }));
    host.as("manager", "POST", kBase + "/wake");
    CHECK(eventually([&] { return runs() >= 3; }));
    CHECK(plugin(host).at("state") == "running");
}

TEST_CASE("host: records are upserted by external id, each on its own") {
    HostProcess host;
    install_probe(host);
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    const std::string request = R"({"kind":"contacts","items":[
        {"externalId":"1","fields":{"name":"Ana","isCompany":false}},
        {"externalId":"","fields":{}},
        {"externalId":"2","fields":{"name":7}},
        {"externalId":"3","fields":{"name":"Cene","active":false}}]})";
    const Answer first = upsert(host, request);
    CHECK(item(first, 0).at("outcome") == "created");
    CHECK(item(first, 1).contains("error"));
    CHECK(item(first, 2).at("error") == "name: must be text or null");
    CHECK(item(first, 3).at("outcome") == "created");
    const Answer again = upsert(host, request);
    CHECK(item(again, 0).at("outcome") == "unchanged");
    CHECK(item(again, 0).at("updatedAt") == item(first, 0).at("updatedAt"));
    const Answer changed = upsert(
        host,
        R"({"kind":"contacts","items":[{"externalId":"1","fields":{"name":"Anja","email":"a@b.si"}}]})");
    CHECK(item(changed, 0).at("outcome") == "updated");
    CHECK(item(changed, 0).at("previous") == boost::json::object{{"name", "Ana"}, {"email", nullptr}});

    const Answer asked = host.as("manager", "POST", kBase + "/records/query",
                                 R"({"kind":"contacts","externalIds":["1","3","9"]})");
    CHECK(asked.object().at("items").as_array().size() == 2);
    CHECK(item(asked, 0).at("externalId") == "1");
    CHECK(item(asked, 0).at("fields").at("name") == "Anja");
    CHECK(item(asked, 1).at("active") == false);
    CHECK(host.as("manager", "POST", kBase + "/records/query", R"({"kind":"cars"})").status == 400);
}

TEST_CASE("host: an existing record is linked, and nothing dangles") {
    HostProcess host;
    install_probe(host);
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    host.as("manager", "POST", "/api/products", R"({"name":"Vijak","custom":{"shelf":"A3"}})");
    const auto unlinked = [&] {
        return host.as("manager", "POST", kBase + "/records/query", R"({"kind":"products","unlinked":true})")
            .object()
            .at("items")
            .as_array()
            .size();
    };
    CHECK(unlinked() == 1);
    const Answer linked =
        upsert(host, R"({"kind":"products","items":[{"externalId":"p1","id":"1","fields":{"name":"Vijak"}},
                 {"externalId":"p2","id":"1","fields":{}},{"externalId":"p3","id":"77","fields":{}}]})");
    CHECK(item(linked, 0).at("outcome") == "updated");
    CHECK(item(linked, 0).at("id") == "1");
    CHECK(item(linked, 1).contains("error"));
    CHECK(item(linked, 2).contains("error"));
    CHECK(unlinked() == 0);
    const auto product = host.as("viewer", "GET", "/api/products/1").object();
    CHECK(product.at("external") == boost::json::object{{"host-probe", "p1"}});
    CHECK(product.at("custom") == boost::json::object{{"shelf", "A3"}});

    const Answer stock = upsert(host, R"({"kind":"inventory","items":[
        {"externalId":"a","fields":{"productId":"1","amount":"-2.5"}},
        {"externalId":"b","fields":{"productId":"99"}}]})");
    CHECK(item(stock, 0).at("outcome") == "created");
    CHECK(item(stock, 1).contains("error"));
}

TEST_CASE("host: settings, keys, folder and notices") {
    HostProcess host;
    install_probe(host);
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    CHECK(host.as("manager", "POST", kBase + "/settings", R"({"a":[1]})").object() ==
          boost::json::object{{"a", {1}}});
    CHECK(host.as("manager", "POST", kBase + "/settings", "[]").status == 400);

    const Answer keys = host.as("manager", "GET", kBase + "/keys");
    CHECK(keys.object().at("same") == true);
    CHECK(keys.object().at("code") == 1);
    const fs::path folder = host.data() / "connectors" / "host-probe";
    CHECK(fs::canonical(std::string(keys.object().at("directory").as_string())) == fs::canonical(folder));
    struct stat info {};
    REQUIRE(::stat(folder.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0700);

    host.as("manager", "POST", kBase + "/notify",
            R"({"id":"n","level":"error","title":"Key","text":"wrong"})");
    const auto notices = [&] {
        return host.as("viewer", "GET", "/api/notices").object().at("items").as_array();
    };
    REQUIRE(notices().size() == 1);
    CHECK(notices().at(0).at("title") == "Key");
    host.as("manager", "POST", kBase + "/notify", R"({"id":"n","resolved":true})");
    CHECK(notices().empty());
}
