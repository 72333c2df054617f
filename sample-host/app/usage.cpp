#include "app/usage.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace crm::sample {
namespace {

struct Command {
    std::string_view name;
    std::string_view arguments;
    std::string_view about;
};

constexpr std::array kCommands{
    Command{"serve",
            "--data DIR [--listen 127.0.0.1:8080] [--plugins DIR] [--database sqlite] [--node NAME] "
            "[--tls-cert FILE --tls-key FILE] [--allow-unsigned]",
            "Runs the CRM until SIGTERM or SIGINT."},
    Command{"token", "--data DIR --role admin|manager|viewer",
            "Makes a bearer token for the API and shows it this once."},
    Command{"plugin list", "--data DIR [--plugins DIR] [--allow-unsigned]",
            "Shows what lies in the plugins folder: id, version, enabled or disabled, and why one is "
            "refused, failed "
            "at its last start or is in quarantine. It is a listing: the exit status is 0 all the same, and "
            "1 only "
            "when the folder can't be read."},
    Command{"plugin enable", "ID --data DIR [--plugins DIR] [--allow-unsigned]",
            "Has it run: in a running host within a second, else from the next start on. Takes it out of "
            "quarantine, "
            "and tries one that failed once more."},
    Command{"plugin disable", "ID --data DIR [--plugins DIR] [--allow-unsigned]", "Has it run no more."},
    Command{"plugin release", "ID --data DIR [--plugins DIR] [--allow-unsigned]",
            "Takes a module out of quarantine that took the host down while it was loaded."},
    Command{"plugin check", "FILE|ID [--data DIR] [--plugins DIR] [--allow-unsigned]",
            "Says whether a module would be loaded; exit status 1, with the reason, when it would not. Runs "
            "it in a "
            "process of its own. With --data also by the publishers trusted there, and not while it is in "
            "quarantine there."},
    Command{"plugin publishers", "[--data DIR]", "Shows whose modules are loaded: name, fingerprint, key."},
    Command{"plugin trust", "FILE.pub --data DIR", "Has this publisher's modules loaded."},
    Command{"plugin distrust", "NAME|FINGERPRINT|KEY --data DIR",
            "Has this publisher's modules loaded no more, from the next start on."},
};

struct Option {
    std::string_view name;
    std::string_view about;
};

constexpr std::array kOptions{
    Option{"--data", "the folder that holds everything this CRM keeps"},
    Option{"--listen", "address and port to serve at; port 0 takes a free one"},
    Option{"--plugins",
           "where the modules lie with their manifests; otherwise `plugins` beside the program's folder"},
    Option{"--database", "sqlite is the only one there is so far"},
    Option{"--node", "a name for this process in its log"},
    Option{"--tls-cert", "serve HTTPS, with this certificate (PEM)"},
    Option{"--tls-key", "the certificate's private key (PEM)"},
    Option{"--allow-unsigned", "also loads modules that no trusted publisher signed"},
    Option{"--role", "what the token allows"},
};

constexpr std::string_view kEnvironment =
    "environment of serve\n"
    "  CRM_ADMIN_PASSWORD    password of the first administrator\n"
    "  CRM_MASTER_KEY_FILE   file with the 32-byte master key\n";

bool goes_on_from(std::string_view text, std::string_view begin) {
    return text.starts_with(begin) && (text.size() == begin.size() || text[begin.size()] == ' ');
}

// A word that would cross the margin begins another line.
std::string wrapped(std::string_view text, const std::string& indent) {
    constexpr std::size_t kMargin = 110;
    std::string out = indent;
    std::size_t width = indent.size();
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (width + 1 + word.size() > kMargin) {
            out += "\n" + indent;
            width = indent.size();
        } else if (width > indent.size()) {
            out += " ";
            ++width;
        }
        out += word;
        width += word.size();
    }
    return out + "\n";
}

}  // namespace

std::string usage_text(std::string_view words) {
    std::vector<Command> meant;
    for (const Command& command : kCommands) {
        if (words.empty() || goes_on_from(command.name, words) || goes_on_from(words, command.name)) {
            meant.push_back(command);
        }
    }
    if (meant.empty()) meant.assign(kCommands.begin(), kCommands.end());
    std::string out = "usage\n";
    std::string taken;
    for (const Command& command : meant) {
        out += wrapped(std::string("crm-host ").append(command.name).append(" ").append(command.arguments),
                       "  ");
        out += wrapped(command.about, "      ");
        taken.append(command.arguments).append(" ");
    }
    out += "options\n";
    for (const Option& option : kOptions) {
        if (taken.find(option.name) == std::string::npos) continue;
        out += "  " + std::string(option.name) + std::string(18 - option.name.size(), ' ') +
               std::string(option.about) + "\n";
    }
    if (meant.front().name == "serve") out += kEnvironment;
    return out;
}

}  // namespace crm::sample
