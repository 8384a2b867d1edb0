// Makes a session and a connection with the real openvidu-node-client, and prints the connection's token behind the word "token".
// openvidu_client.mjs URL SECRET [remove]
import {createRequire} from "node:module";
const {OpenVidu} = createRequire(process.env.PACKAGES + "/")("openvidu-node-client");

const [url, secret, removes] = process.argv.slice(2);
const openvidu = new OpenVidu(url, secret);
try {
    const session = await openvidu.createSession({customSessionId: "held-to-the-client"});
    const connection = await session.createConnection({role: "SUBSCRIBER"});
    console.log(`token ${connection.token}`);
    await session.fetch();
    if (removes) await session.close();
} catch (error) {
    console.log(`refused ${error.message}`);
}
