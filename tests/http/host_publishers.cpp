// Whose modules are loaded, and what people are shown of it.
#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

#include "plugin_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace host_test;
using Catch::Contains;

boost::json::object listed(HostProcess& host) {
    return host.as("viewer", "GET", "/api/plugins").object();
}

boost::json::object plugin(HostProcess& host) {
    return listed(host).at("items").as_array().at(0).as_object();
}

}  // namespace

TEST_CASE("publishers: a signed module shows who signed it") {
    HostProcess host;
    install_probe(host.plugins());
    host.as("admin", "POST", "/api/plugins/host-probe/enable");
    CHECK(plugin(host).at("state") == "running");
    const auto signer = plugin(host).at("signedBy").as_object();
    CHECK(signer.at("name") == "This build");
    CHECK(listed(host).at("unsignedAllowed") == false);
    const auto known = run_host("plugin publishers");
    CHECK(known.exit_code == 0);
    CHECK(known.out.starts_with("This build\t" + std::string(signer.at("fingerprint").as_string()) + "\t"));
}

TEST_CASE("publishers: an unsigned module runs only with the explicit setting, and the page is told") {
    HostProcess strict;
    install_probe(strict.plugins());
    edit_manifest(strict.plugins() / "host-probe.so", {{"signature", nullptr}});
    CHECK(plugin(strict).at("state") == "refused");
    const auto refused = strict.as("admin", "POST", "/api/plugins/host-probe/enable").object();
    CHECK(refused.at("state") == "refused");
    CHECK_THAT(std::string(refused.at("reason").as_string()), Contains("an unsigned one"));

    const std::string check = "plugin check " + (strict.plugins() / "host-probe.so").string();
    CHECK(run_host(check).exit_code == 1);
    CHECK(run_host(check + " --allow-unsigned").exit_code == 0);

    HostProcess lax({"--allow-unsigned"});
    install_probe(lax.plugins());
    edit_manifest(lax.plugins() / "host-probe.so", {{"signature", nullptr}});
    CHECK(lax.as("admin", "POST", "/api/plugins/host-probe/enable").object().at("state") == "running");
    CHECK(plugin(lax).at("signedBy").is_null());
    CHECK(listed(lax).at("unsignedAllowed") == true);
    // A trusted signature that does not fit is no unsigned module.
    HostProcess changed({"--allow-unsigned"});
    install_probe(changed.plugins());
    edit_manifest(changed.plugins() / "host-probe.so", {{"name", "Changed"}});
    CHECK_THAT(std::string(plugin(changed).at("reason").as_string()), Contains("a signature that fits"));
}

TEST_CASE("publishers: an administrator trusts and distrusts, under a running host too") {
    HostProcess host;
    install_probe(host.plugins());
    const fs::path module = host.plugins() / "host-probe.so";
    const fs::path key = host.data() / "ana.key";
    make_key(key, "Ana & sons");
    sign_manifest(module, key);
    CHECK_THAT(std::string(plugin(host).at("reason").as_string()), Contains("then trust the key"));

    const std::string data = " --data " + host.data().string();
    const std::string check = "plugin check " + module.string() + data;
    CHECK(run_host(check).exit_code == 1);
    const auto trusted = run_host("plugin trust " + key.string() + ".pub" + data);
    CHECK(trusted.exit_code == 0);
    CHECK_THAT(trusted.out, Contains("Ana & sons"));
    CHECK(run_host(check).exit_code == 0);
    CHECK(run_host("plugin check " + module.string()).exit_code == 1);
    CHECK(plugin(host).at("state") == "disabled");
    CHECK(plugin(host).at("signedBy").at("name") == "Ana & sons");
    CHECK_THAT(run_host("plugin publishers" + data).out, Contains("Ana & sons") && Contains("This build"));

    CHECK(run_host("plugin distrust 'Ana & sons'" + data).exit_code == 0);
    CHECK(run_host("plugin distrust 'Ana & sons'" + data).exit_code == 1);
    CHECK(run_host(check).exit_code == 1);
    // The key that came with the host is not beyond an administrator either.
    install_probe(host.plugins());
    CHECK(run_host(check).exit_code == 0);
    CHECK(run_host("plugin distrust 'This build'" + data).exit_code == 0);
    CHECK(run_host(check).exit_code == 1);
    CHECK(run_host("plugin publishers" + data).out.empty());
}

TEST_CASE("publishers: a key under which anybody can sign is never trusted") {
    HostProcess host;
    const std::string data = " --data " + host.data().string();
    const std::string crafted = "ed25519 " + std::string(43, 'A') + "= Mallory\n";
    write_file(host.data() / "crafted.pub", crafted);
    const auto trusted = run_host("plugin trust " + (host.data() / "crafted.pub").string() + data);
    CHECK(trusted.exit_code == 1);
    CHECK_THAT(trusted.err,
               Contains("crafted.pub was refused: expected a publisher's key that only its owner") &&
                   Contains("Do not trust it"));
    // Nor when somebody puts it into the folder by hand.
    fs::create_directory(host.data() / "trusted-publishers");
    write_file(host.data() / "trusted-publishers" / "mallory.pub", crafted);
    const auto known = run_host("plugin publishers" + data);
    CHECK(known.exit_code == 1);
    CHECK_THAT(known.err, Contains("Do not trust it"));
    CHECK(known.out.find("Mallory") == std::string::npos);
}

TEST_CASE("publishers: a key file that others can change is not trusted") {
    HostProcess host;
    const std::string data = " --data " + host.data().string();
    make_key(host.data() / "ana.key", "Ana");
    REQUIRE(run_host("plugin trust " + (host.data() / "ana.key.pub").string() + data).exit_code == 0);
    for (const auto& item : fs::directory_iterator(host.data() / "trusted-publishers")) {
        fs::permissions(item.path(), fs::perms::others_write, fs::perm_options::add);
    }
    const auto known = run_host("plugin publishers" + data);
    CHECK(known.exit_code == 1);
    CHECK(known.out.find("Ana") == std::string::npos);
    CHECK_THAT(known.err, Contains("chmod go-w"));
    write_file(host.data() / "bad.pub", "no key");
    const auto bad = run_host("plugin trust " + (host.data() / "bad.pub").string() + data);
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.err, Contains("a publisher's key"));
}
