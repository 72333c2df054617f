// crm-host: a small CRM that loads connector modules.
#include <Poco/Exception.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "app/commands.hpp"
#include "app/options.hpp"
#include "app/serve.hpp"
#include "app/usage.hpp"
#include "util/secrets.hpp"

namespace {

int run_command(const std::vector<std::string>& arguments) {
    using namespace crm::sample;
    const Options options = parse_options(arguments, std::filesystem::read_symlink("/proc/self/exe"));
    if (options.help) {
        std::string words = options.command;
        for (const std::string& argument : options.arguments) words += " " + argument;
        std::cout << usage_text(words);
        return 0;
    }
    init_crypto();
    if (options.command == "serve" && options.arguments.empty()) {
        const int status = serve(options);
        std::cout.flush();
        // Modules stay mapped: what their static objects do at exit must not spoil an end that went well.
        std::_Exit(status);
    }
    if (options.command == "token") return make_token(options);
    if (options.command == "plugin") return manage_plugins(options);
    throw UsageError(options.command.empty() ? "a command is needed" : "unknown command " + options.command);
}

}  // namespace

int main(int argc, char** argv) {
    // No connection is used by two threads at once, so SQLite need not lock each of them.
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    try {
        return run_command(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const crm::sample::UsageError& error) {
        std::cerr << "crm-host: " << error.what() << "\n" << crm::sample::usage_text();
        return 2;
    } catch (const Poco::Exception& error) {
        std::cerr << "crm-host: " << error.displayText() << std::endl;
    } catch (const std::exception& error) {
        std::cerr << "crm-host: " << error.what() << std::endl;
    }
    return 1;
}
