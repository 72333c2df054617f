#include "crm/manifest.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "fixtures.hpp"

namespace json = boost::json;

namespace {

json::object good() {
    return json::parse(R"({"id":"a-1","name":"A","version":"1.2.3-rc.1+b5","file":"a.so","sha256":")" +
                       std::string(64, 'a') + R"(","api":{"major":1,"minor":2},"description":"d",
                       "publisher":"p","fromTheFuture":[1,2]})")
        .as_object();
}

std::string reason(const std::string& text) {
    try {
        crm::parse_manifest(text);
    } catch (const crm::Error& failure) {
        CHECK(failure.code() == CRM_INVALID);
        return failure.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a whole manifest is read, unknown members included") {
    const crm::Manifest manifest = crm::parse_manifest(json::serialize(good()));
    CHECK(manifest.id == "a-1");
    CHECK(manifest.name == "A");
    CHECK(manifest.version == "1.2.3-rc.1+b5");
    CHECK(manifest.file == "a.so");
    CHECK(manifest.sha256 == std::string(64, 'a'));
    CHECK(manifest.api_major == 1);
    CHECK(manifest.api_minor == 2);
    CHECK(manifest.description == "d");
    CHECK(manifest.publisher == "p");
}

TEST_CASE("each mandatory member is missed by name") {
    for (const char* name : {"id", "name", "version", "file", "sha256", "api"}) {
        json::object object = good();
        object.erase(name);
        CHECK_THAT(reason(json::serialize(object)), Catch::Contains('"' + std::string(name) + '"'));
    }
}

TEST_CASE("each wrong member is named with what was found") {
    const std::pair<const char*, json::value> wrong[] = {
        {"id", "Metakocka"},
        {"id", ""},
        {"id", "../x"},
        {"id", 5},
        {"id", "-a"},
        {"name", ""},
        {"name", "a\nb"},
        {"name",
         "a\xe2\x80\xae"
         "b"},
        {"name",
         "a\xc2\x85"
         "b"},
        {"version", "1.2"},
        {"version", "01.2.3"},
        {"version", "1.2.3x"},
        {"file", "../a.so"},
        {"file", "/a.so"},
        {"file", "a.txt"},
        {"file", ".so"},
        {"sha256", ""},
        {"sha256", std::string(64, 'A').c_str()},
        {"api", 1},
        {"description", 1},
        {"publisher", std::string(201, 'p').c_str()},
    };
    for (const auto& [name, value] : wrong) {
        CAPTURE(name, json::serialize(value));
        json::object object = good();
        object[name] = value;
        CHECK_THAT(reason(json::serialize(object)), Catch::Contains('"' + std::string(name) + '"'));
    }
    for (const json::value& value : {json::value(-1), json::value(0), json::value(1.5), json::value("1"),
                                     json::value(65536), json::value(UINT64_MAX)}) {
        json::object object = good();
        object["api"].as_object()["major"] = value;
        CHECK_THAT(reason(json::serialize(object)), Catch::Contains("\"api.major\""));
    }
}

TEST_CASE("what is no manifest at all is refused") {
    for (const char* text : {"", "[1]", "{} x"}) {
        CHECK_THAT(reason(text), Catch::Contains("expected a JSON object; found ") &&
                                     Catch::Contains("get the manifest that came with the module."));
    }
    CHECK_THAT(reason(""), Catch::Contains("not JSON"));
    CHECK_THAT(reason("[1]"), Catch::Contains("JSON object"));
    CHECK_THAT(reason("{} x"), Catch::Contains("not JSON"));
    CHECK_THAT(reason(std::string(70'000, ' ')), Catch::Contains("64 KiB"));
    CHECK_THAT(reason(std::string(60'000, '[')), Catch::Contains("not JSON"));
}

TEST_CASE("the product's manifest is right but for the digest, which the build fills in") {
    std::string text = read_text(std::filesystem::path(MANIFEST_DIR) / "metakocka-autosync.json");
    CHECK_THAT(reason(text), Catch::Contains("\"sha256\""));
    const std::string empty = R"("sha256": "")";
    text.replace(text.find(empty), empty.size(), R"("sha256": ")" + std::string(64, '0') + '"');
    const crm::Manifest manifest = crm::parse_manifest(text);
    CHECK(manifest.id == "metakocka");
    CHECK(manifest.name == "Autosync for Metakocka");
    CHECK(manifest.file == "metakocka-autosync.so");
}
