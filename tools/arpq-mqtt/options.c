/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <arpq.h>
#include <ctype.h>
#include <getopt.h>
#include <limits.h>
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

#define MOST_FILE_WORDS 65 /* with the name of the program */

enum {
    LONG_ONLY = 256,
    HELP,
    CAFILE,
    CAPATH,
    CERT,
    KEY,
    CIPHERS,
    TLS_VERSION,
    INSECURE,
    PSK,
    PSK_IDENTITY,
    UNIX_PATH,
    DEV,
    HOST_NAME,
    TIMEOUT,
    QUIET,
    VERSION
};

static const char short_options[] = "A:h:i:k:o:p:P:q:t:u:V:46dj";

static const struct option long_options[] = {
    {"cafile", required_argument, NULL, CAFILE},
    {"capath", required_argument, NULL, CAPATH},
    {"cert", required_argument, NULL, CERT},
    {"ciphers", required_argument, NULL, CIPHERS},
    {"debug", no_argument, NULL, 'd'},
    {"dev", required_argument, NULL, DEV},
    {"help", no_argument, NULL, HELP},
    {"host", required_argument, NULL, 'h'},
    {"host-name", required_argument, NULL, HOST_NAME},
    {"id", required_argument, NULL, 'i'},
    {"insecure", no_argument, NULL, INSECURE},
    {"json", no_argument, NULL, 'j'},
    {"keepalive", required_argument, NULL, 'k'},
    {"key", required_argument, NULL, KEY},
    {"port", required_argument, NULL, 'p'},
    {"protocol-version", required_argument, NULL, 'V'},
    {"psk", required_argument, NULL, PSK},
    {"psk-identity", required_argument, NULL, PSK_IDENTITY},
    {"pw", required_argument, NULL, 'P'},
    {"qos", required_argument, NULL, 'q'},
    {"quiet", no_argument, NULL, QUIET},
    {"timeout", required_argument, NULL, TIMEOUT},
    {"tls-version", required_argument, NULL, TLS_VERSION},
    {"topic", required_argument, NULL, 't'},
    {"unix", required_argument, NULL, UNIX_PATH},
    {"username", required_argument, NULL, 'u'},
    {"version", no_argument, NULL, VERSION},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "usage: arpq-mqtt [OPTION...]\n"
    "       arpq-mqtt where [OPTION...] MAC...\n"
    "Keep the neighbour table of this machine in an MQTT broker, as retained messages, or ask the\n"
    "broker on which host and interface a MAC address is.\n\n"
    "  -h, --host HOST            the broker, instead of localhost\n"
    "  -p, --port PORT            its port, instead of 1883, or 8883 with TLS\n"
    "      --unix PATH            its Unix socket\n"
    "  -A ADDRESS                 connect from this address\n"
    "  -i, --id ID                the client's name, instead of arpq-HOST\n"
    "  -u, --username NAME        the user\n"
    "  -P, --pw PASSWORD          the password; other users see it in ps(1), so use -o\n"
    "  -o FILE                    options, one a line, as in mosquitto_pub(1)\n"
    "  -q, --qos 0|1|2            quality of service, instead of 1\n"
    "  -k, --keepalive SECONDS    between signs of life, instead of 60\n"
    "  -V, --protocol-version VERSION  of MQTT: 311 (the default) or 5\n"
    "      --cafile FILE          TLS: the certificates of authorities that are trusted\n"
    "      --capath DIRECTORY     the same, in a folder\n"
    "      --cert FILE, --key FILE  TLS: the certificate and the key of this client\n"
    "      --ciphers LIST, --tls-version VERSION  TLS: what is allowed\n"
    "      --psk KEY, --psk-identity NAME  TLS with a shared key\n"
    "      --insecure             TLS: do not compare the broker's name with its certificate\n"
    "  -t, --topic PREFIX         the first level of the topics, instead of arpq\n"
    "      --host-name NAME       the second level, instead of the name of this machine\n"
    "      --dev NAME             this interface only\n"
    "  -4, -6                     one family only\n"
    "      --quiet                report errors only\n"
    "  -d, --debug                print what libmosquitto does\n"
    "  -j, --json                 where: one JSON object a line\n"
    "      --timeout SECONDS      where: give up after this time, instead of 10\n"
    "      --help                 print this help\n"
    "      --version              print the version\n";

/* Reads a number from least to most. */
static int take_number(const char *name, const char *text, long least, long most, int *number)
{
    char *end;
    const long value = strtol(text, &end, 10);

    if (!isdigit((unsigned char)text[0]) || *end != '\0' || value < least || value > most) {
        message_print("%s: '%s': not a number from %ld to %ld", name, text, least, most);
        return EXIT_USAGE + 1;
    }
    *number = (int)value;
    return 0;
}

static int take_version(const char *text, int *version)
{
    if (strcmp(text, "311") == 0 || strcmp(text, "mqttv311") == 0) {
        *version = MQTT_PROTOCOL_V311;
    } else if (strcmp(text, "5") == 0 || strcmp(text, "mqttv5") == 0) {
        *version = MQTT_PROTOCOL_V5;
    } else {
        message_print("-V: '%s': not 311 or 5", text);
        return EXIT_USAGE + 1;
    }
    return 0;
}

static int take_number_option(struct mqtt_options *o, int option, const char *text)
{
    int seconds = 0, code;

    switch (option) {
    case 'k':
        return take_number("-k", text, 5, UINT16_MAX, &o->keepalive);
    case 'p':
        return take_number("-p", text, 1, UINT16_MAX, &o->port);
    case 'q':
        return take_number("-q", text, 0, 2, &o->qos);
    case 'V':
        return take_version(text, &o->version);
    default:
        code = take_number("--timeout", text, 1, 3600, &seconds);
        o->timeout_ms = (int64_t)seconds * 1000;
        return code;
    }
}

/* Returns the member for an option whose argument is kept as it is, or NULL. */
static const char **text_member(struct mqtt_options *o, int option)
{
    const struct {
        int option;
        const char **member;
    } texts[] = {
        {'A', &o->bind},
        {'h', &o->host},
        {'i', &o->id},
        {'P', &o->password},
        {'o', &o->file},
        {'t', &o->prefix},
        {'u', &o->user},
        {CAFILE, &o->cafile},
        {CAPATH, &o->capath},
        {CERT, &o->cert},
        {KEY, &o->key},
        {CIPHERS, &o->ciphers},
        {TLS_VERSION, &o->tls_version},
        {PSK, &o->psk},
        {PSK_IDENTITY, &o->psk_identity},
        {UNIX_PATH, &o->unix_path},
        {DEV, &o->dev},
        {HOST_NAME, &o->host_name},
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].option == option)
            return texts[i].member;
    return NULL;
}

static int take_family(struct mqtt_options *o, uint16_t family)
{
    if (o->family != 0 && o->family != family) {
        message_print("-4 and -6 exclude each other");
        fputs("Try 'arpq-mqtt --help'.\n", stderr);
        return EXIT_USAGE + 1;
    }
    o->family = family;
    return 0;
}

static int take_flag(struct mqtt_options *o, int option)
{
    switch (option) {
    case '4':
        return take_family(o, AF_INET);
    case '6':
        return take_family(o, AF_INET6);
    case 'd':
        o->debug = true;
        return 0;
    case 'j':
        o->json = true;
        return 0;
    case INSECURE:
        o->insecure = true;
        return 0;
    case QUIET:
        o->quiet = true;
        return 0;
    case HELP:
        fputs(help, stdout);
        return EXIT_FOUND + 1;
    case VERSION:
        printf("arpq-mqtt %s\n", arpq_version());
        return EXIT_FOUND + 1;
    default:
        fputs("Try 'arpq-mqtt --help'.\n", stderr);
        return EXIT_USAGE + 1;
    }
}

/* Cuts a line of the file into an option and, after white space, its argument. */
static int cut_line(char *line, char **words)
{
    int count = 0;
    char *end = line + strcspn(line, "\r\n");

    *end = '\0';
    line += strspn(line, " \t");
    if (line[0] == '\0' || line[0] == '#')
        return 0;
    words[count++] = line;
    line += strcspn(line, " \t");
    if (*line != '\0') {
        *line++ = '\0';
        words[count++] = line + strspn(line, " \t");
    }
    return count;
}

/* Returns the number of words, or -1 if there are too many. */
static int read_words(FILE *file, char **words, int count)
{
    char *line = NULL, *cut[2];
    size_t size = 0;

    while (count > 0 && getline(&line, &size, file) >= 0) {
        const int added = cut_line(line, cut);

        if (count + added > MOST_FILE_WORDS) {
            count = -1;
        } else if (added != 0) {
            memcpy(words + count, cut, (size_t)added * sizeof *cut);
            count += added;
            line = NULL; /* kept */
            size = 0;
        }
    }
    free(line);
    return count;
}

/* The words are kept for as long as the program runs, because the options point to them. Returns
 * their number, or -1 after reporting an error. */
static int read_file(const char *path, char **words)
{
    static char program[] = "arpq-mqtt";
    FILE *file = fopen(path, "re");

    if (!file) {
        message_print("%s: cannot read the file", path);
        return -1;
    }
    words[0] = program;
    const int count = read_words(file, words, 1);
    fclose(file);
    if (count < 0)
        message_print("%s: more than %d words", path, MOST_FILE_WORDS - 1);
    else
        words[count] = NULL;
    return count;
}

static int take_option(struct mqtt_options *o, int option, const char *text)
{
    const char **member = text_member(o, option);

    if (member) {
        *member = text;
        return 0;
    }
    switch (option) {
    case 'k':
    case 'p':
    case 'q':
    case 'V':
    case TIMEOUT:
        return take_number_option(o, option, text);
    default:
        return take_flag(o, option);
    }
}

/* Leaves optind at the first argument that is no option. */
static int parse_words(struct mqtt_options *o, int argc, char **argv)
{
    int code = 0, option;

    optind = 0; /* getopt_long(3) begins anew */
    while (code == 0 && (option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1)
        code = take_option(o, option, optarg);
    return code;
}

static int parse_file(struct mqtt_options *o)
{
    static char *words[MOST_FILE_WORDS + 1];
    const char *path = o->file;
    const int count = read_file(path, words);
    int code;

    if (count < 0)
        return EXIT_USAGE + 1;
    o->file = NULL;
    code = parse_words(o, count, words);
    if (code == 0 && (o->file || optind < count)) {
        message_print("%s: '%s': not an option of a file", path, o->file ? "-o" : words[optind]);
        code = EXIT_USAGE + 1;
    }
    return code;
}

/* The options of the command line have precedence over those of the file. */
static int parse_all(struct mqtt_options *o, int argc, char **argv)
{
    const struct mqtt_options defaults = *o;
    int code = parse_words(o, argc, argv);

    if (code != 0 || !o->file)
        return code;
    const char *file = o->file;
    *o = defaults;
    o->file = file;
    code = parse_file(o);
    return code != 0 ? code : parse_words(o, argc, argv);
}

/* Returns a message, or NULL. */
static const char *wrong_combination(const struct mqtt_options *o)
{
    if (!o->where && o->count != 0)
        return "the only command is 'where'";
    if (o->where && o->count == 0)
        return "where: a MAC address is missing";
    if (o->password && !o->user)
        return "-P needs -u";
    if ((o->cert == NULL) != (o->key == NULL))
        return "--cert and --key need each other";
    if ((o->psk == NULL) != (o->psk_identity == NULL))
        return "--psk and --psk-identity need each other";
    if ((o->cert || o->insecure) && !o->cafile && !o->capath)
        return "--cert and --insecure need --cafile or --capath";
    if (o->prefix[0] == '\0' || strpbrk(o->prefix, "+#") || o->prefix[0] == '$')
        return "-t: not a topic";
    if (o->host_name[0] == '\0')
        return "--host-name: an empty name";
    return NULL;
}

static int check_options(const struct mqtt_options *o)
{
    const char *wrong = wrong_combination(o);

    if (!wrong)
        return 0;
    message_print("%s", wrong);
    fputs("Try 'arpq-mqtt --help'.\n", stderr);
    return EXIT_USAGE + 1;
}

int options_parse(struct mqtt_options *options, int argc, char **argv)
{
    static char name[HOST_NAME_MAX + 1];

    gethostname(name, sizeof name - 1);
    *options = (struct mqtt_options){.host = "localhost",
                                     .port = -1,
                                     .qos = 1,
                                     .keepalive = 60,
                                     .version = MQTT_PROTOCOL_V311,
                                     .prefix = "arpq",
                                     .host_name = name,
                                     .timeout_ms = 10000};
    const int code = parse_all(options, argc, argv);
    if (code != 0)
        return code;
    options->args = argv + optind;
    options->count = argc - optind;
    options->where = options->count != 0 && strcmp(options->args[0], "where") == 0;
    if (options->where) {
        options->args++;
        options->count--;
    }
    message_quiet(options->quiet);
    return check_options(options);
}
