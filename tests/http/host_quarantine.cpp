// A module that takes the host down while it is loaded is kept out until somebody releases it.
#include <boost/json/array.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "plugin_folder.hpp"

namespace {

using namespace host_test;
using Catch::Contains;

// What the probes are to do in hosts started while it lives.
class Crashing {
  public:
    explicit Crashing(const std::string& what) { ::setenv("HOST_PROBE_CRASH", what.c_str(), 1); }
    ~Crashing() { ::unsetenv("HOST_PROBE_CRASH"); }
    Crashing(const Crashing&) = delete;
    Crashing& operator=(const Crashing&) = delete;
};

boost::json::object plugin(HostProcess& host, const std::string& id = "host-probe") {
    const auto items = host.as("viewer", "GET", "/api/plugins").object().at("items").as_array();
    for (const auto& item : items) {
        if (item.at("id") == boost::json::value(id)) return item.as_object();
    }
    throw std::runtime_error("no plugin " + id);
}

std::string state(HostProcess& host, const std::string& id = "host-probe") {
    return std::string(plugin(host, id).at("state").as_string());
}

void enable_and_stop(HostProcess& host, const std::string& id) {
    install_probe(host.plugins(), id);
    REQUIRE(host.as("admin", "POST", "/api/plugins/" + id + "/enable").object().at("state") == "running");
}

bool eventually_running(HostProcess& host) {
    for (int i = 0; i < 200; ++i) {
        if (state(host) == "running") return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

// Whether the mark of host-probe tells this, sooner or later.
bool mark_tells(const HostProcess& host, const std::string& text) {
    for (int i = 0; i < 2000; ++i) {
        if (read_file(host.data() / "quarantine" / "host-probe").find(text) != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

}  // namespace

TEST_CASE(
    "quarantine: however and whenever a module takes the host down, it is kept out and the rest works") {
    struct Way {
        const char* phase;
        const char* way;
        const char* how;
    };
    for (const Way& way :
         {Way{"load", "abort", "signal 6"}, Way{"create", "segv", "signal 11"},
          Way{"create", "overflow", "signal 11"}, Way{"create", "exit", "exit"},
          Way{"create", "kill", "died"}, Way{"load", "quit", "died"}, Way{"describe", "abort", "signal 6"}}) {
        CAPTURE(way.phase, way.way);
        HostProcess host;
        enable_and_stop(host, "host-probe");
        CHECK(host.stop() == 0);
        {
            const Crashing crashing(std::string("host-probe ") + way.phase + " " + way.way);
            CHECK_THROWS(host.start());
            host.start();
        }
        const auto found = plugin(host);
        CHECK(found.at("state") == "quarantined");
        CHECK(found.at("enabled") == true);
        REQUIRE(found.at("quarantine").is_object());
        CHECK(found.at("quarantine").at("phase") == way.phase);
        CHECK(found.at("quarantine").at("how") == way.how);
        CHECK_THAT(std::string(found.at("reason").as_string()), Contains("took the host down"));
        CHECK(host.as("admin", "GET", "/api/contacts").status == 200);
        // Still there after another start.
        CHECK(host.stop() == 0);
        host.start();
        CHECK(state(host) == "quarantined");
    }
}

TEST_CASE("quarantine: two modules that crash have a mark each") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    enable_and_stop(host, "second-probe");
    CHECK(host.stop() == 0);
    {
        const Crashing crashing("host-probe create abort;second-probe describe segv");
        CHECK_THROWS(host.start());
        CHECK_THROWS(host.start());
        host.start();
    }
    CHECK(plugin(host, "host-probe").at("quarantine").at("phase") == "create");
    CHECK(plugin(host, "second-probe").at("quarantine").at("phase") == "describe");
    CHECK(host.stop() == 0);
    host.start();
    CHECK(host.as("admin", "POST", "/api/plugins/second-probe/release").object().at("state") == "running");
    CHECK(state(host) == "quarantined");
}

TEST_CASE("quarantine: after power cuts while a module is loaded it is kept out at the third in a row only") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    CHECK(host.stop() == 0);
    const auto lose_power = [&] {
        {
            const Crashing crashing("host-probe create kill");
            CHECK_THROWS(host.start());
        }
        // The system tells itself apart from its next start by this line.
        const auto mark = host.data() / "quarantine" / "host-probe";
        const std::string text = read_file(mark);
        write_file(mark, text.substr(0, text.find('\n') + 1) + "another-boot\n");
    };
    lose_power();
    lose_power();
    host.start();
    CHECK(state(host) == "running");
    // That was a success: it starts from the beginning.
    host.kill();
    lose_power();
    lose_power();
    lose_power();
    host.start();
    CHECK(state(host) == "quarantined");
    CHECK(plugin(host).at("quarantine").at("how") == "died");
    CHECK_THAT(std::string(plugin(host).at("reason").as_string()), Contains("nobody saw"));
}

TEST_CASE("quarantine: a module whose first work takes the host down is kept out") {
    for (const auto& [way, how] : {std::pair{"abort", "signal 6"}, {"exit", "exit"}}) {
        CAPTURE(way);
        HostProcess host;
        enable_and_stop(host, "host-probe");
        CHECK(host.stop() == 0);
        {
            const Crashing crashing(std::string("host-probe run ") + way);
            host.launch();
            CHECK(host.wait() > 0);
        }
        host.start();
        CHECK(state(host) == "quarantined");
        CHECK(plugin(host).at("quarantine").at("phase") == "run");
        CHECK(plugin(host).at("quarantine").at("how") == how);
    }
}

TEST_CASE("quarantine: kill -9 while a module works keeps nothing out") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    CHECK(host.stop() == 0);
    {
        const Crashing crashing("host-probe run hang");
        host.start();
        REQUIRE(mark_tells(host, " run "));
        host.kill();
    }
    host.start();
    CHECK(state(host) == "running");
}

TEST_CASE("quarantine: a module that ends the process while it is taken down is kept out") {
    for (const char* const phase : {"stop", "destroy"}) {
        CAPTURE(phase);
        HostProcess host;
        enable_and_stop(host, "host-probe");
        CHECK(host.stop() == 0);
        {
            const Crashing crashing(std::string("host-probe ") + phase + " abort");
            host.start();
            CHECK(host.stop() == 128);
        }
        host.start();
        CHECK(state(host) == "quarantined");
        CHECK(plugin(host).at("quarantine").at("phase") == "stop");
    }
}

TEST_CASE("quarantine: what a module does when the process exits does not spoil the host's end") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    CHECK(host.stop() == 0);
    const Crashing crashing("host-probe exit abort");
    host.start();
    CHECK(host.stop() == 0);
}

TEST_CASE("quarantine: a host whose module hangs ends at SIGTERM, and keeps the module out afterwards") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    CHECK(host.stop() == 0);
    {
        const Crashing crashing("host-probe create hang");
        host.launch();
        REQUIRE(mark_tells(host, " create "));
        CHECK_THAT(read_file(host.data() / "log" / "crm-host.log"),
                   Contains("loading plugin host-probe 1.0.0"));
        CHECK(host.stop() == 143);
    }
    host.start();
    CHECK(state(host) == "quarantined");
    CHECK(plugin(host).at("quarantine").at("how") == "hung");
    // The command line says so as well.
    const std::string module = (host.plugins() / "host-probe.so").string();
    const CommandResult checked = run_host("plugin check " + module + " --data " + host.data().string());
    CHECK(checked.exit_code == 1);
    CHECK_THAT(checked.err, Contains("is in quarantine: This module took the host down"));
    CHECK(run_host("plugin check " + module).exit_code == 0);
}

TEST_CASE("quarantine: a module that never comes back from being stopped is left, and kept out afterwards") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    CHECK(host.stop() == 0);
    {
        const Crashing crashing("host-probe stop hang");
        host.start();
        CHECK(host.stop() == 143);
    }
    host.start();
    CHECK(state(host) == "quarantined");
    CHECK(plugin(host).at("quarantine").at("phase") == "stop");
    CHECK(plugin(host).at("quarantine").at("how") == "hung");
}

TEST_CASE("quarantine: a host that is told to end while it loads a slow module ends as usual") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    CHECK(host.stop() == 0);
    {
        const Crashing crashing("host-probe create slow");
        host.launch();
        REQUIRE(mark_tells(host, " create "));
        CHECK(host.stop() == 0);
    }
    host.start();
    CHECK(state(host) == "running");
}

TEST_CASE("quarantine: released over HTTP, by the command line, or by enabling it again") {
    HostProcess host;
    enable_and_stop(host, "host-probe");
    const std::string rest =
        " host-probe --data " + host.data().string() + " --plugins " + host.plugins().string();
    const auto crash = [&] {
        CHECK(host.stop() == 0);
        const Crashing crashing("host-probe create abort");
        CHECK_THROWS(host.start());
        host.start();
        REQUIRE(state(host) == "quarantined");
    };
    CHECK(run_host("plugin release" + rest).exit_code == 1);
    crash();
    // The host that was started while crashing goes on crashing: these ask a host without that.
    const auto calm = [&] {
        CHECK(host.stop() == 0);
        host.start();
        REQUIRE(state(host) == "quarantined");
    };
    calm();
    CHECK(host.as("viewer", "POST", "/api/plugins/host-probe/release").status == 403);
    CHECK(host.as("admin", "POST", "/api/plugins/nobody/release").status == 404);
    const auto released = host.as("admin", "POST", "/api/plugins/host-probe/release").object();
    CHECK(released.at("state") == "running");
    CHECK(released.at("quarantine").is_null());
    crash();
    calm();
    // Nobody is told that it would be loaded.
    const std::string file = "plugin check " + (host.plugins() / "host-probe.so").string();
    CHECK(run_host(file).exit_code == 0);
    const auto checked = run_host(file + " --data " + host.data().string());
    CHECK(checked.exit_code == 1);
    CHECK(checked.out.empty());
    CHECK_THAT(checked.err, Contains("is in quarantine: This module took the host down"));
    CHECK_THAT(
        run_host("plugin list --data " + host.data().string() + " --plugins " + host.plugins().string()).out,
        Contains("quarantined: "));
    CHECK(run_host("plugin release" + rest).exit_code == 0);
    CHECK(eventually_running(host));
    crash();
    calm();
    CHECK(host.as("admin", "POST", "/api/plugins/host-probe/enable").object().at("state") == "running");
    crash();
    calm();
    CHECK(run_host("plugin enable" + rest).exit_code == 0);
    CHECK(eventually_running(host));
}
