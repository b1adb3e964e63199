using System.Globalization;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>How the program of a release behaves.</summary>
internal sealed record Behaviour
{
    public static Behaviour Good { get; } = new();

    /// <summary>Exits with code 3 as soon as it starts.</summary>
    public bool ExitsAtOnce { get; init; }

    /// <summary>Serves for so long, then takes no more connections, finishes those it has and exits with code 3.</summary>
    public TimeSpan? DiesAfter { get; init; }

    /// <summary>What <c>/health</c> answers.</summary>
    public int Health { get; init; } = 200;

    /// <summary>Inherits sockets and never accepts from them.</summary>
    public bool Deaf { get; init; }

    public bool IgnoresTerm { get; init; }

    /// <summary>How long it stays after it has stopped accepting on TERM, as one does that has long requests to finish.</summary>
    public TimeSpan DrainsFor { get; init; }

    /// <summary>Announces itself on <c>NOTIFY_SOCKET</c> without ever saying that it is ready.</summary>
    public bool NeverReady { get; init; }

    /// <summary>
    /// A server on every socket of <c>SERVER_STARTER_PORT</c>, or else on <c>PORT</c>, in Perl, which starts in no time. It
    /// answers with the version its own files tell, its generation, its process (in a container: the container) and what it
    /// was given to say, and refuses to run when its files are of two releases. On TERM it takes no more connections and
    /// serves those it has to their end; on USR1 it does the same and exits with code 3.
    /// </summary>
    public string Program => Source.Replace("%BEHAVIOUR%", string.Create(CultureInfo.InvariantCulture,
        $"exits => {(ExitsAtOnce ? 3 : 0)}, dies_after => {DiesAfter?.TotalSeconds ?? 0}, health => {Health}, deaf => {(Deaf ? 1 : 0)}, ignores_term => {(IgnoresTerm ? 1 : 0)}, never_ready => {(NeverReady ? 1 : 0)}, drains_for => {DrainsFor.TotalSeconds}"), StringComparison.Ordinal);

    private const string Source = """
        use strict; use warnings; use IO::Handle; use IO::Select; use Socket; use Time::HiRes qw(time sleep);
        $| = 1;
        my %is = (%BEHAVIOUR%);
        sub text { open(my $file, '<', "./current/$_[0]") or die "no $_[0]: $!"; local $/; my $text = <$file>; $text =~ s/\s+//g; $text }
        my ($version, $last) = (text('a-version.txt'), text('z-version.txt'));
        die "half a release: $version and $last" if $version ne $last;
        my $began = time;
        print "$version began\n";
        if ($is{exits}) { print STDERR "no such table: users\n"; exit $is{exits} }
        my ($told, $until, $code) = (0, 0, 0);
        $SIG{PIPE} = 'IGNORE';
        $SIG{TERM} = $is{ignores_term} ? 'IGNORE' : sub { $told = time; $until ||= $told + 5 };
        $SIG{USR1} = sub { print STDERR "no space left in the pool\n"; $until ||= time + 5; $code = 3 };
        if ($is{never_ready}) {
            socket(my $notify, AF_UNIX, SOCK_DGRAM, 0) or die $!;
            send($notify, "STATUS=warming up", 0, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die $!;
        }
        if ($is{deaf} || !($ENV{SERVER_STARTER_PORT} || $ENV{PORT})) { sleep 0.05 while !$until; exit 0 }
        my (%listening, %input);
        if (!$ENV{SERVER_STARTER_PORT}) {
            socket(my $socket, PF_INET, SOCK_STREAM, 0) or die $!;
            setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
            bind($socket, pack_sockaddr_in($ENV{PORT}, inet_aton($ENV{HOST} // '127.0.0.1'))) or die "port $ENV{PORT}: $!";
            listen($socket, 128) or die $!;
            $socket->blocking(0);
            $listening{fileno $socket} = $socket;
        }
        for (split /;/, $ENV{SERVER_STARTER_PORT} // '') {
            my ($fd) = /=(\d+)$/ or die "no descriptor in $_";
            open(my $socket, '+<&=', $fd) or die "descriptor $fd: $!";
            $socket->blocking(0);
            $listening{fileno $socket} = $socket;
        }
        my $select = IO::Select->new(values %listening);
        while (1) {
            if ($is{dies_after} && !$until && time - $began > $is{dies_after}) { $until = time + 5; $code = 3 }
            if ($until) {
                $select->remove($_), close $_ for values %listening;
                %listening = ();
                my $stays = $told && time < $told + $is{drains_for};
                if (!$stays && (!%input || time > $until)) { print "$version is done\n"; exit $code }
            }
            for my $handle ($select->can_read(0.05)) {
                if ($listening{fileno $handle}) {
                    if (accept(my $client, $handle)) { $select->add($client); $input{$client} = '' }
                    next;
                }
                my $count = sysread($handle, my $data, 65536);
                if (!$count) { $select->remove($handle); delete $input{$handle}; close $handle; next }
                $input{$handle} .= $data;
                while (defined $input{$handle} && $input{$handle} =~ s/^(.*?)\r\n\r\n//s) {
                    my $request = $1;
                    my $close = $until || $request =~ /^connection:\s*close/im;
                    my $status = $request =~ m{^GET /health} ? $is{health} : 200;
                    sleep 2 if $request =~ m{^GET /slow};
                    my $body = join ' ', $version, $ENV{SERVER_STARTER_GENERATION} // 0, $ENV{CONTAINED} ? $ENV{HOSTNAME} : $$, $ENV{GREETING} // $ARGV[0] // ();
                    syswrite($handle, "HTTP/1.1 $status Said\r\nContent-Length: " . length($body) . "\r\n"
                        . ($close ? "Connection: close\r\n" : '') . "\r\n$body");
                    if ($close) { $select->remove($handle); delete $input{$handle}; close $handle }
                }
            }
        }
        """;
}
